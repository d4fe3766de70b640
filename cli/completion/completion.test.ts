import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadAll } from '../lango.ts'
import { completionsOf } from './completions.ts'
import { scripts } from './scripts.ts'

const completions = completionsOf(await loadAll())
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0
const isMissing = (shell: string) => !has(shell) && `${shell} is not here`

/** What a shell answers to a script of ours and some lines behind it. */
function answerOf(shell: keyof typeof scripts, lines: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lango-completion-'))
  const file = join(folder, 'script')
  writeFileSync(file, `${shell === 'zsh' ? 'compdef() { : }\n' : ''}${scripts[shell](completions)}\n${lines}\n`)
  const { stdout, stderr } = spawnSync(shell, [file], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  assert.equal(stderr, '')
  return stdout.split(/\s+/).filter(Boolean)
}

const bashOf = (...words: string[]) =>
  answerOf(
    'bash',
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_lango\necho "\${COMPREPLY[@]}"`,
  )

test('bash completes commands, verbs and options', { skip: isMissing('bash') }, () => {
  assert.deepEqual(bashOf('lango', 'li'), ['listen'])
  assert.deepEqual(bashOf('lango', 'merchants', ''), ['list', 'create', 'rename', 'provider'])
  assert.deepEqual(bashOf('lango', 'payments', 'list', '--s'), ['--search', '--status', '--since'])
  assert.deepEqual(bashOf('lango', 'listen', '--forward-to', 'http://localhost:3000', '--ev'), ['--events'])
  assert.deepEqual(bashOf('lango', 'frobnicate', '--'), [])
  assert.ok(bashOf('lango', '').length > 10)
})

test('zsh reads its script', { skip: isMissing('zsh') }, () => {
  assert.deepEqual(answerOf('zsh', '_lango_typed merchants list x'), ['merchants', 'list'])
})

test('fish completes commands, verbs and options', { skip: isMissing('fish') }, () => {
  assert.ok(answerOf('fish', 'complete -C "lango merchants "').includes('rename'))
})

test('every script has every command and every option', () => {
  for (const script of Object.values(scripts).map((write) => write(completions))) {
    for (const { offers } of completions)
      for (const { word } of offers) assert.ok(script.includes(word.replace(/^--/, '')), word)
  }
})
