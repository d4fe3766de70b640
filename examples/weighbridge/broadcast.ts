import type { WebSocket, WebSocketServer } from 'ws'

/** Says something to everybody who listens. Who cannot keep up is passed over: the next weight is as good. */
export function broadcast(sockets: WebSocketServer, event: string, data: unknown): void {
  for (const socket of sockets.clients) if (socket.bufferedAmount < 65_536) tell(socket, event, data)
}

/** Says something to one. */
export function tell(socket: WebSocket, event: string, data: unknown): void {
  socket.send(JSON.stringify({ event, data }))
}
