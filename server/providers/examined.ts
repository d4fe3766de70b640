/** What was found out of one thing that an account was given. */
export type Examined = { what: string; outcome: 'right' | 'wrong' | 'unknown'; message: string }
