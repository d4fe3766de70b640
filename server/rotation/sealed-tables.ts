import { sealedOfAccounts } from '../accounts/sealed.ts'
import { sealedOfUsers } from '../people/sealed.ts'
import { sealedOfEndpoints } from '../webhooks/sealed.ts'

/** All that stands sealed in the tables. What is sealed for an hour, the answers to forms, goes by itself. */
export const sealedTables = { accounts: sealedOfAccounts, endpoints: sealedOfEndpoints, users: sealedOfUsers }
