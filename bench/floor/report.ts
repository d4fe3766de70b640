/** Tells the bench where this process listens, and ends with it, however that ends. */
export function report(port: number): void {
  process.send!({ port })
  process.on('disconnect', () => process.exit())
}
