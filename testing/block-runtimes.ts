import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Block } from './blocks.ts'
import { root } from './tidy.ts'

/** A post to a webhook route, and the secret that it should be signed with. */
export type Post = { body: string; headers: Record<string, string>; secret: string }

/** Runs a program on a file of this text. Answers undefined where the machine does not have the program. */
function run(command: string[], file: string, text: string, input = ''): { said: string; isBad: boolean } | undefined {
  return inFolder((folder) => {
    writeFileSync(join(folder, file), text)
    const [program, ...words] = command
    const ran = spawnSync(program!, [...words, join(folder, file)], { input, encoding: 'utf8' })
    if (ran.error && 'code' in ran.error && ran.error.code === 'ENOENT') return undefined
    return { said: ran.status === 0 ? ran.stdout : ran.stdout + ran.stderr, isBad: ran.status !== 0 }
  })
}

/** A folder that is gone afterwards, from which the packages of this workspace are found. */
function inFolder<Result>(work: (folder: string) => Result): Result {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'blocks-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const parseJava = `
import java.nio.file.Path;
import java.util.List;
import javax.tools.*;
class Parse {
  public static void main(String[] files) throws Exception {
    var said = new DiagnosticCollector<JavaFileObject>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var units = compiler.getStandardFileManager(said, null, null).getJavaFileObjects(Path.of(files[0]));
    ((com.sun.source.util.JavacTask) compiler.getTask(null, null, said, null, null, units)).parse();
    said.getDiagnostics().forEach(System.err::println);
    System.exit(said.getDiagnostics().isEmpty() ? 0 : 1);
  }
}`

/** What is wrong with how a block is written; empty when nothing is, undefined where the machine cannot tell. */
export function syntaxErrorOf({ language, text }: Block): string | undefined {
  const parsed = parse(language, text)
  return parsed && (parsed.isBad ? parsed.said : '')
}

function parse(language: string, text: string): ReturnType<typeof run> {
  switch (language) {
    case 'json':
      JSON.parse(text)
      return { said: '', isBad: false }
    case 'js':
      return run([process.execPath, '--check'], 'block.mjs', text)
    case 'python':
      return run(['python3', '-m', 'py_compile'], 'block.py', text)
    case 'php':
      return run(['php', '-l'], 'block.php', text)
    case 'java':
      return inFolder((folder) => {
        writeFileSync(join(folder, 'Parse.java'), parseJava)
        return run(['java', join(folder, 'Parse.java')], 'Block.java', text)
      })
    default:
      throw new Error(`Nobody reads ${language} here.`)
  }
}

const drivers: Record<string, (text: string) => { command: string[]; file: string; text: string }> = {
  python: (text) => ({
    command: ['python3'],
    file: 'block.py',
    text: `${text}
import json, sys
print(json.dumps([verify(p['body'].encode(), p['headers'], p['secret']) for p in json.load(sys.stdin)]))
`,
  }),
  php: (text) => ({
    command: ['php'],
    file: 'block.php',
    text: `${text}
$posts = json_decode(file_get_contents('php://stdin'), true);
echo json_encode(array_map(fn ($post) => verify($post['body'], $post['headers'], $post['secret']), $posts));
`,
  }),
  // Java reads no JSON by itself: a line for each post, its parts in base64.
  java: (text) => ({
    command: ['java'],
    file: 'Main.java',
    text: `import java.util.*;
${(text.match(/^import .*$/gm) ?? []).join('\n')}
class Main {
  public static void main(String[] none) {
    var lines = new Scanner(System.in);
    var verdicts = new ArrayList<Boolean>();
    while (lines.hasNextLine()) {
      var parts = Arrays.stream(lines.nextLine().split(" ", -1)).map(part -> Base64.getDecoder().decode(part)).toList();
      var headers = new HashMap<String, String>();
      for (int i = 2; i + 1 < parts.size(); i += 2) headers.put(new String(parts.get(i)), new String(parts.get(i + 1)));
      verdicts.add(Lango.verify(parts.get(1), headers::get, new String(parts.get(0))));
    }
    System.out.println(verdicts);
  }
}
${text.replace(/^import .*$/gm, '')}`,
  }),
}

/** What a block that defines `verify` says of each post; undefined where the machine does not have its language. */
export function runBlock({ language, text }: Block, posts: Post[]): boolean[] | undefined {
  const driver = drivers[language]!(text)
  const lines = posts.map(({ secret, body, headers }) =>
    [secret, body, ...Object.entries(headers).flat()].map((part) => Buffer.from(part).toString('base64')).join(' '),
  )
  const input = language === 'java' ? lines.join('\n') : JSON.stringify(posts)
  const ran = run(driver.command, driver.file, driver.text, input)
  if (!ran) return undefined
  if (ran.isBad) throw new Error(ran.said)
  return JSON.parse(ran.said) as boolean[]
}

/** Loads a block of JavaScript or TypeScript as a module. */
export async function importBlock({ language, text }: Block): Promise<unknown> {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'blocks-'))
  try {
    const file = join(folder, 'block.mjs')
    writeFileSync(file, language === 'ts' ? stripTypeScriptTypes(text) : text)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
