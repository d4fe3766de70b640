import { Hono } from 'hono'
import type { Context } from 'hono'
import { pickUp } from '../handset.ts'
import { readMsisdn } from '../msisdn.ts'
import { allPhones, setPhone } from '../phone.ts'
import { answerPrompt, promptsOf } from '../prompts.ts'
import type { World } from '../world.ts'
import { readForm } from './form.ts'
import { layout } from './layout.ts'
import { follow } from './live.ts'
import type { Fragment, Stage } from './live.ts'
import { closed, press } from './menu.ts'
import type { Menu } from './menu.ts'
import { menuOf, phonesOnShelf, setMenu, viewPhone } from './phone-view.ts'
import { handset, jump, shelf } from './shelf.ts'
import type { Refused } from './shelf.ts'

/** The phones: their page, its changes as they happen, and what people do with them. */
export function phoneRoutes(stage: Stage): Hono {
  const { world } = stage
  const app = new Hono()

  app.get('/', (c) => c.html(page(world)))
  app.get('/live', () => follow(stage, () => fragments(world)))

  app.post('/', async (c) => {
    const { msisdn = '', name = '' } = await readForm(c)
    return carryOut(c, { form: 'add', typed: { msisdn, name } }, () =>
      setPhone(world, msisdn, name.trim() === '' ? {} : { name }),
    )
  })
  app.post('/:msisdn', async (c) => {
    const msisdn = c.req.param('msisdn')
    const typed = await readForm(c)
    return carryOut(c, { form: msisdn, typed }, () => setPhone(world, msisdn, changesOf(typed)))
  })

  app.post('/:msisdn/answer', async (c) => {
    const { prompt = '', pin = '', cancel } = await readForm(c)
    const msisdn = numberIn(c)
    const isOnThisPhone = promptsOf(world, msisdn).some(({ id }) => id === prompt)
    if (isOnThisPhone) answerPrompt(world, prompt, cancel === undefined ? { kind: 'pin', pin } : { kind: 'cancelled' })
    return backTo(c, msisdn)
  })

  app.post('/:msisdn/menu', async (c) => {
    const { key = '', step = '', text = '' } = await readForm(c)
    const msisdn = numberIn(c)
    const before = menuOf(world, msisdn)
    const after = press(before, { name: key, step, text })
    if (after === before) return backTo(c, msisdn)
    setMenu(world, msisdn, after)
    if (after.screen === 'sending') void send(world, msisdn, after)
    return backTo(c, msisdn)
  })

  /** Does what a form asks, and shows the page; or shows what was wrong, at the form. */
  function carryOut(c: Context, asked: Omit<Refused, 'sentence'>, run: () => { msisdn: string }) {
    try {
      return backTo(c, run().msisdn)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return c.html(page(world, { ...asked, sentence: error.message }), 400)
    }
  }

  return app
}

const page = (world: World, refused?: Refused) => {
  const now = world.clock.now()
  const phones = phonesOnShelf(world).map(({ msisdn }) => viewPhone(world, msisdn))
  return layout({
    title: 'Phones',
    path: '/phone',
    content: shelf({ phones, count: allPhones(world).length, now, ...(refused && { refused }) }),
    live: { url: '/phone/live', now },
  })
}

const fragments = (world: World): Fragment[] =>
  phonesOnShelf(world).flatMap(({ msisdn }) => {
    const phone = viewPhone(world, msisdn)
    return [handset(phone, world.clock.now()), jump(phone)]
  })

/** Pays, and closes the menu when M-PESA has answered. What came of it, an SMS tells the payer. */
async function send(world: World, msisdn: string, { payment }: Extract<Menu, { screen: 'sending' }>): Promise<void> {
  await pickUp(world, msisdn).pay(payment)
  if (menuOf(world, msisdn).screen === 'sending') setMenu(world, msisdn, closed)
}

/** The changes that a form asks for: the answer setting alone, or all else. */
function changesOf({ auto, name, balance, pin, offline }: Record<string, string>): Record<string, unknown> {
  if (auto !== undefined) return { auto: auto === 'by_hand' ? null : auto }
  return { name, balance: balance?.trim() === '' ? NaN : Number(balance), pin, offline: offline === 'yes' }
}

const numberIn = (c: Context): string => readMsisdn(c.req.param('msisdn')) ?? ''

const backTo = (c: Context, msisdn: string) => c.redirect(`/phone#phone-${msisdn}`, 303)
