import { darajaApiNames } from './daraja/api-names.ts'
import { pesaflowApiNames } from './pesaflow/api-names.ts'

/** Every API that can be asked or tells something, by the names that fault rules and the log use. */
export const apiNames = [...darajaApiNames, ...pesaflowApiNames] as const

export type ApiName = (typeof apiNames)[number]
