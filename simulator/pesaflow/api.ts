import type { Answered } from '../arrival.ts'
import type { Struck } from '../faults.ts'
import type { World } from '../world.ts'
import type { PesaflowApiName } from './api-names.ts'

/** A request as Pesaflow sees it: its fields as texts, wherever and however they were sent. */
export type PesaflowRequest = {
  url: URL
  headers: Headers
  fields: Record<string, string>
  struck: Struck
}

/** One path of Pesaflow. Each file of an API exports one, and `gateway.ts` lists them. */
export type PesaflowApi = {
  name: PesaflowApiName
  method: 'GET' | 'POST'
  path: string
  answer(world: World, request: PesaflowRequest): Answered | Promise<Answered>
}
