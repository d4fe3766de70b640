import { findPhone, sendMessage } from '../phone.ts'
import type { Answer, Outcome, Prompt } from '../prompt.ts'
import { openPrompt, promptsOf } from '../prompts.ts'
import { wrongPin } from '../sms.ts'
import type { World } from '../world.ts'
import { callbackText, codeAsSent, magicResult, stillProcessing } from './stk-results.ts'

/** How a prompt ended: a result code of STK, and the receipt where money moved. */
type Ended = { code: string; receipt: string | null }

/**
 * Asks for a PIN on a phone. `agreed` is called after the right one, `ended` in any case and once, unless the phone is
 * the magic number that never answers.
 */
export function askPhone(
  world: World,
  about: Omit<Prompt, 'id' | 'opened_at' | 'expires_at'>,
  { agreed, ended }: { agreed: () => Ended; ended: (end: Ended) => void },
): void {
  const { msisdn } = about
  const end = (result: Ended): Outcome => {
    ended(result)
    const { code, receipt } = result
    return { result_code: codeAsSent(code), result_desc: callbackText(code), receipt }
  }
  const code = magicResult(msisdn) ?? absence(world, msisdn)
  if (code === stillProcessing) return
  if (code !== undefined) {
    world.work.after(world.settings.answer_after_ms, () => end({ code, receipt: null }))
    return
  }
  openPrompt(world, about, (answer) => {
    const refusal = refusalOf(world, msisdn, answer)
    return end(refusal === undefined ? agreed() : { code: refusal, receipt: null })
  })
}

function absence(world: World, msisdn: string): string | undefined {
  if (findPhone(world, msisdn).offline) return '1037'
  return promptsOf(world, msisdn).length > 0 ? '1001' : undefined
}

function refusalOf(world: World, msisdn: string, answer: Answer): string | undefined {
  if (answer.kind === 'cancelled') return '1032'
  if (answer.kind === 'expired') return '1037'
  const phone = findPhone(world, msisdn)
  if (answer.pin === phone.pin) return undefined
  sendMessage(world, phone, wrongPin())
  return '2001'
}
