/** A fault put into the program by hand, and the test that must notice it. */
export type Mutant = {
  /** What it breaks: a rule of a payment's life by its number, or another promise by its name. */
  rule: string
  /** What the program then does wrong. */
  fault: string
  file: string
  /** A text that stands in the file exactly once, and what stands there instead. */
  find: string
  put: string
  /** The test that fails: its file, and its sentence. */
  test: string
  by: string
}
