/** Something that is to be reached, and what was measured; `figure` is undefined where it was not. */
export type Goal = { what: string; goal: string; figure: string | undefined; isMet?: boolean }

/** Prints what is to be reached, one line each, as a table of Markdown. */
export function printGoals(goals: Goal[]): void {
  console.log('\n| what | goal | measured | |\n|---|---|---|---|')
  for (const { what, goal, figure, isMet } of goals)
    console.log(`| ${what} | ${goal} | ${figure ?? ''} | ${figure === undefined ? '' : isMet ? 'met' : 'not met'} |`)
}

/** A goal that a figure is to stay below. */
export function below(what: string, limit: number, figure: number, unit: string): Goal {
  return { what, goal: `under ${limit} ${unit}`, figure: `${figure.toFixed(1)} ${unit}`, isMet: figure < limit }
}

/** One that it is to reach. */
export function atLeast(what: string, limit: number, figure: number, digits = 2): Goal {
  return { what, goal: `at least ${limit}`, figure: figure.toFixed(digits), isMet: figure >= limit }
}

/** What is measured by another command, which says so. */
export const elsewhere: Goal[] = [
  ['a statement of 110,000 lines', 'under 5 s; p99 beside it below twice its usual', 'npm run test:long statement'],
  ['list, search and filter at ten million payments', 'p99 under 25 ms', 'npm run bench fill and npm run bench pages'],
  ['settle rate at ten million payments, against empty', 'at least 0.9', 'npm run bench settled DIRECTORY'],
  ['checkout, first view over the wire', 'at most 14 KB', 'npm test: server/checkout'],
].map(([what, goal, command]) => ({
  what: command ? `${what} (\`${command}\`)` : what!,
  goal: goal!,
  figure: undefined,
}))
