import { Hono } from 'hono'
import { z } from 'zod'
import { accountSchema, amountSchema, idSchema, phoneSchema, receiptSchema, textSchema } from '../../api/schema.ts'
import { readCode } from '../../checkout/code.ts'
import { hashRequest } from '../../api/idempotency.ts'
import { assignMoney } from '../../money-in/assign.ts'
import { takeMoney } from '../../money-in/take.ts'
import { createPayment } from '../../payments/create.ts'
import { Problem } from '../../problem.ts'
import { versionOf } from '../../web/tell-changes.ts'
import { accountChosen, accountsOf, accountsThat } from '../accounts.ts'
import type { DeskContext } from '../desk-context.ts'
import { readDone } from '../done.ts'
import { readForm, refusedBy } from '../form.ts'
import type { Refused } from '../form.ts'
import { isFollowing, tellPart, thin } from '../live.ts'
import { pathWith } from '../query.ts'
import { entry, goOn } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { askAboutCode, askKey, findAsks, findCame, findMeant, judgeCode, whyUnaskable } from './counter.ts'
import type { CodeAnswer } from './counter.ts'
import { counterPage, liveParts } from './counter-page.ts'
import type { CounterView } from './counter-page.ts'
import { fieldsOf } from '../own-form.ts'

const path = '/cashier'
const reference = /^[A-Za-z0-9 ._/-]{1,12}$/

/** The counter, `/cashier`: ask a phone, see what came, check a code. No sums, no refunds, no settings. */
export function cashierPages() {
  return new Hono<SignedInEnvironment>()
    .use(path, entry('payments:write'))
    .use(`${path}/*`, entry('payments:write'))
    .get(path, look)
    .post(`${path}/ask`, ask)
    .post(`${path}/take`, take)
    .post(`${path}/check`, check)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => liveParts(await viewOf(c)))
  return showCounter(c)
}

async function showCounter(c: DeskContext, refused?: { refused: Refused; status: number }): Promise<Response> {
  const view = await viewOf(c, refused?.refused)
  const seen = versionOf(thin(String(await liveParts(view))))
  const { find, code, taking } = view
  const asked = c.req.query('asked')
  const live = pathWith(path, { find, take: taking?.money.receipt, code, asked, seen })
  return c.html(counterPage(view, live), (refused?.status ?? 200) as 200)
}

async function viewOf(c: DeskContext, refused?: Refused): Promise<CounterView> {
  const { context, caller, signedIn } = c.var
  const counter = { context, signedIn }
  const find = (c.req.query('find') ?? '').trim().slice(0, 100)
  const take = refused?.form === 'take' ? (refused.typed['receipt'] ?? '') : (c.req.query('take') ?? '')
  const code = readCode(c.req.query('code') ?? '') ?? ''
  const [accounts, asks, came, answer] = await Promise.all([
    accountsOf(context, caller),
    findAsks(counter),
    findCame(counter, find),
    code ? answerOf(c, code) : undefined,
  ])
  const askable = accountsThat(context, accounts, ({ payments }) => payments.asks === 'by_prompt')
  const money = came.find((one) => one.money.receipt === take && !one.money.payment_id)?.money
  const taking = money && { money, meant: await findMeant(counter, money) }
  const done = readDone(c.req.query('done'))
  return {
    signedIn,
    accounts,
    askable,
    asks,
    came,
    find,
    taking,
    code,
    answer,
    refused,
    done,
    now: context.clock.now(),
  }
}

async function answerOf(c: DeskContext, code: string): Promise<CodeAnswer> {
  const { context, signedIn } = c.var
  const asked = c.req.query('asked') ?? ''
  const askedAt = /^\d{13}$/.test(asked) ? new Date(Number(asked)) : undefined
  const answer = await judgeCode({ context, signedIn }, code, askedAt)
  const because = c.req.query('why')
  return answer.kind === 'unknown' && because === 'unaskable' ? { kind: 'unaskable', because: cannotAsk } : answer
}

const cannotAsk = 'M-Pesa cannot be asked about it here: that needs an API operator of the M-PESA portal.'

const askForm = z.object({
  amount: amountSchema,
  phone: phoneSchema,
  what: textSchema(60).optional(),
  account: accountSchema.optional(),
  again: idSchema('pay').optional(),
})

async function ask(c: DeskContext): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const typed = await fieldsOf(c)
  try {
    const { value } = await readForm(c, 'ask', askForm)
    const { merchant_id, mode } = caller
    const { amount, phone, what, account, again } = value
    const askable = accountsThat(
      context,
      await accountsOf(context, caller),
      ({ payments }) => payments.asks === 'by_prompt',
    )
    const chosen = accountChosen(askable, account)
    const key = askKey(signedIn, (typed['once'] ?? '').slice(0, 60))
    await createPayment(context, {
      merchant_id,
      mode,
      provider: chosen.provider,
      account: chosen.id,
      amount_cents: amount,
      phone,
      ...(what && (reference.test(what) ? { account_reference: what } : { description: what })),
      ...(again && { retry_of: again }),
      idempotency: {
        merchant_id,
        route: 'dashboard counter',
        key,
        request_hash: hashRequest({ amount, phone, what, account, again }),
      },
    })
    return goOn(c, `${path}?done=asked`)
  } catch (error) {
    return showCounter(c, refusedBy(error, 'ask', typed))
  }
}

const takeForm = z.object({
  receipt: receiptSchema,
  payment: idSchema('pay').optional(),
  what: textSchema(60).optional(),
})

/** *This is theirs*: what somebody wrote goes before what they could have chosen. */
async function take(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const typed = await fieldsOf(c)
  try {
    const { value } = await readForm(c, 'take', takeForm)
    const { merchant_id, mode } = caller
    const { receipt, payment, what } = value
    if (what) {
      await takeMoney(context, { merchant_id, mode, receipt, what })
    } else if (payment) await assignMoney(context, { merchant_id, mode, receipt, payment_id: payment })
    else throw new Problem('invalid_request', 'Write what it is.', 'what')
    return goOn(c, `${path}?done=yours#came-${receipt}`)
  } catch (error) {
    return showCounter(c, await whoWasFaster(c, refusedBy(error, 'take', { what: '', ...typed })))
  }
}

/** A refusal to take money, with who took it before, where somebody did. */
async function whoWasFaster(c: DeskContext, said: { refused: Refused; status: number }) {
  const { context, signedIn } = c.var
  const answer = await judgeCode({ context, signedIn }, said.refused.typed['receipt'] ?? '', undefined)
  if (answer.kind !== 'used') return said
  const { payment } = answer.came
  const message = `${answer.by ?? 'Its payment'} took it already, for ${payment?.description ?? payment?.sent_reference}.`
  return { ...said, refused: { ...said.refused, wrong: {}, message } }
}

async function check(c: DeskContext): Promise<Response> {
  const { context, signedIn } = c.var
  const typed = await fieldsOf(c)
  const code = readCode((typed['code'] ?? '').slice(0, 400))
  if (!code) {
    const wrong = {
      code: 'An M-Pesa code has ten letters and digits, such as UKK7X2M4QA. The whole SMS can be pasted too.',
    }
    return showCounter(c, { refused: { form: 'check', typed, wrong }, status: 400 })
  }
  const counter = { context, signedIn }
  const known = await judgeCode(counter, code, undefined)
  if (known.kind !== 'unknown') return goOn(c, `${pathWith(path, { code })}#check`)
  try {
    const at = await askAboutCode(counter, code)
    return goOn(c, `${pathWith(path, { code, asked: String(at.getTime()) })}#check`)
  } catch (error) {
    whyUnaskable(error)
    return goOn(c, `${pathWith(path, { code, why: 'unaskable' })}#check`)
  }
}
