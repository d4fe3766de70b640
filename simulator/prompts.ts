import { findPhone } from './phone.ts'
import type { Answer, Answered, Outcome, Prompt } from './prompt.ts'
import type { World } from './world.ts'

/** Rings a phone. `onAnswer` is called once: by a person, by the phone's `auto`, or by time. */
export function openPrompt(
  world: World,
  about: Omit<Prompt, 'id' | 'opened_at' | 'expires_at'>,
  onAnswer: (answer: Answer) => Outcome,
): Prompt {
  const { prompts, work, clock, settings } = world
  const now = clock.now()
  const expires = new Date(now.getTime() + settings.prompt_life_ms)
  const prompt: Prompt = {
    id: `prm_${world.random.hex(12)}`,
    ...about,
    opened_at: now.toISOString(),
    expires_at: expires.toISOString(),
  }
  const answer = (given: Answer): Outcome => {
    prompts.delete(prompt.id)
    cancelExpiry()
    cancelAuto()
    const outcome = onAnswer(given)
    answered(world).set(prompt.msisdn, { kind: given.kind, outcome, at: clock.now().toISOString() })
    world.changed('prompts')
    return outcome
  }
  const cancelExpiry = work.after(settings.prompt_life_ms, () => answer({ kind: 'expired' }))
  const byItself = automaticAnswer(world, about.msisdn)
  const cancelAuto = byItself === undefined ? () => {} : work.after(settings.answer_after_ms, () => answer(byItself))
  prompts.set(prompt.id, { prompt, answer })
  world.changed('prompts')
  return prompt
}

/** Answers an open prompt; undefined if it is not open (any more). */
export const answerPrompt = (world: World, id: string, answer: Answer): Outcome | undefined =>
  world.prompts.get(id)?.answer(answer)

export const openPrompts = (world: World): Prompt[] => [...world.prompts.values()].map(({ prompt }) => prompt)

export const promptsOf = (world: World, msisdn: string): Prompt[] =>
  openPrompts(world).filter((prompt) => prompt.msisdn === msisdn)

/** How the phone's latest prompt ended; undefined if it never had one. */
export const lastAnswered = (world: World, msisdn: string): Answered | undefined => answered(world).get(msisdn)

const answered = (world: World) => world.memory.collection<Answered>('answered-prompts')

function automaticAnswer(world: World, msisdn: string): Answer | undefined {
  const { auto, pin } = findPhone(world, msisdn)
  switch (auto) {
    case 'approve':
      return { kind: 'pin', pin }
    case 'wrong_pin':
      return { kind: 'pin', pin: wrongPinFor(pin) }
    case 'cancel':
      return { kind: 'cancelled' }
    case 'ignore':
    case null:
      return undefined
  }
}

export const wrongPinFor = (pin: string): string => (pin === '0000' ? '0001' : '0000')
