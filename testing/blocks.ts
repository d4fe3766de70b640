import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDocuments, root } from './tidy.ts'
import type { Source } from './tidy.ts'

/** A fenced block of a document: where it stands, its language (none: what a program prints), and its text. */
export type Block = { path: string; line: number; language: string; text: string }

/** Every block of the documents, the READMEs among them, in the order in which they are read. */
export function readBlocks(): Block[] {
  const readmes = globSync(['*/README.md', 'examples/*/README.md'], { cwd: root, exclude: ['node_modules'] }).map(
    (path) => ({ path, text: readFileSync(join(root, path), 'utf8') }),
  )
  return [...readDocuments(), ...readmes].flatMap(blocksOf)
}

/** The fenced blocks of one document. */
function blocksOf({ path, text }: Source): Block[] {
  return [...text.matchAll(/^( *)```([a-z]*)[^\n]*\n(.*?)^ *```$/gms)].map(
    ({ index, 1: indent, 2: language, 3: body }) => ({
      path,
      line: text.slice(0, index).split('\n').length,
      language: language!,
      text: body!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )
}
