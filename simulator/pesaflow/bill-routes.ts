import { Hono } from 'hono'
import type { Context } from 'hono'
import { readMsisdn } from '../msisdn.ts'
import { readForm } from '../pages/form.ts'
import { follow } from '../pages/live.ts'
import type { Stage } from '../pages/live.ts'
import { findBillByPage, leftOf } from './bill.ts'
import type { Bill } from './bill.ts'
import { askPayer } from './ask-payer.ts'
import { billFragment, billPage, billStyles } from './bill-page.ts'
import type { RefusedPrompt } from './bill-page.ts'
import { readAmount } from './money.ts'

/** The page that a checkout answers: it shows the bill, sends prompts, and leads back. */
export function billRoutes({ world, subscribe }: Omit<Stage, 'reset'>): Hono {
  const app = new Hono()
  app.get('/checkout.css', (c) => c.body(billStyles, 200, { 'Content-Type': 'text/css' }))

  app.use('/checkout', async (c, next) => {
    await next()
    if (!world.settings.pesaflow_framing) c.header('X-Frame-Options', 'DENY')
  })
  app.get('/checkout', async (c) => {
    const bill = billOf(c)
    return bill === undefined ? c.text('There is no such bill.', 404) : c.html(await billPage(world, bill))
  })
  app.get('/checkout/live', (c) => {
    const bill = billOf(c)
    if (bill === undefined) return c.text('There is no such bill.', 404)
    return follow({ world, subscribe }, () => [billFragment(world, bill)])
  })
  app.post('/checkout', async (c) => {
    const bill = billOf(c)
    if (bill === undefined) return c.text('There is no such bill.', 404)
    const { msisdn = '', amount = '' } = await readForm(c)
    const asked = readPrompt(bill, msisdn, amount)
    if ('sentence' in asked) return c.html(await billPage(world, bill, { ...asked, msisdn, amount }), 400)
    void askPayer(world, bill, asked)
    return c.redirect(`/checkout?request_id=${bill.request_id}`, 303)
  })

  function billOf(c: Context): Bill | undefined {
    return findBillByPage(world, c.req.query('request_id') ?? '')
  }

  return app
}

function readPrompt(
  bill: Bill,
  msisdn: string,
  amount: string,
): { msisdn: string; amount: number } | Pick<RefusedPrompt, 'sentence'> {
  const phone = readMsisdn(msisdn)
  if (phone === undefined) return { sentence: 'This is no Kenyan mobile number. Write it like 0712 345 678.' }
  const shillings = readAmount(amount.replaceAll(',', '').trim())
  if (shillings === undefined || shillings > leftOf(bill))
    return { sentence: `The amount must be more than 0 and at most ${leftOf(bill).toFixed(2)}.` }
  if (bill.prompt?.state === 'ringing') return { sentence: 'A prompt is on its way already. Answer it first.' }
  return { msisdn: phone, amount: shillings }
}
