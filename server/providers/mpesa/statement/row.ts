/** A row of a file as it stands there, and its number among the lines of the file, from 1 on. */
export type Row = { number: number; cells: string[] }

/** What is longer than any cell of a statement is cut: a quote that nobody closed, or no statement. */
export const cellLengthMax = 1_000
/** As many cells of a row are looked at. */
export const cellsMax = 100
