import { refused } from './judgements.ts'
import { answer } from './reply.ts'
import type { Reply } from './reply.ts'

/** Bill Manager refuses with status 200 and a code of its own. */
export const conflict = (Status_Message: string): Reply =>
  answer(200, { Status_Message, resmsg: 'Conflict', rescode: '409' }, refused('biller'))
