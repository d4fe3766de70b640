/** Tells the bench where this process listens, and how much memory it holds when asked. */
export function report(port: number): void {
  process.send!({ port })
  process.on('message', () => process.send!({ rss: process.memoryUsage.rss() }))
}
