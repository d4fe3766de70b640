import { findOrganisation } from '../organisation.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import type { DarajaRequest } from './api.ts'
import { findC2bUrls, registerC2bUrls } from './c2b-urls.ts'
import { forbiddenWord, isPlain, isPrivate } from './callback-address.ts'
import { families } from './family.ts'
import { address, oneOf, shortcode } from './fields.ts'
import { refused, taken } from './judgements.ts'
import { answer, invalid, ok, refuse } from './reply.ts'
import type { Reply } from './reply.ts'

/** Registers where an organisation hears of payments made from the SIM menu. */
const register = (version: 1 | 2) =>
  api({
    name: 'c2b',
    path: `/mpesa/c2b/v${version}/registerurl`,
    family: families.c2b,
    fields: {
      ShortCode: shortcode,
      ResponseType: oneOf('Completed', 'Cancelled'),
      ConfirmationURL: address,
      ValidationURL: address,
    },
    answer(world, { ShortCode, ResponseType, ConfirmationURL, ValidationURL }, request) {
      if (findOrganisation(world, ShortCode) === undefined) return invalid('ShortCode', refused('organisation'))
      for (const [field, url] of Object.entries({ ConfirmationURL, ValidationURL })) {
        const refusal = refuseAddress(world, field, url, request)
        if (refusal !== undefined) return refusal
      }
      const registered = findC2bUrls(world, ShortCode)
      if (registered !== undefined && world.settings.c2b_registration === 'once') return alreadyRegistered(version)
      if (registered !== undefined) request.warn(taken('registered'))
      registerC2bUrls(world, {
        shortcode: ShortCode,
        version,
        response_type: ResponseType,
        confirmation_url: ConfirmationURL,
        validation_url: ValidationURL,
      })
      return ok({
        ...(version === 1 && { ConversationID: '' }),
        OriginatorCoversationID: world.ids.request(),
        ResponseCode: '0',
        ResponseDescription: 'Success',
      })
    },
  })

export const c2bRegisterV1 = register(1)
export const c2bRegisterV2 = register(2)

function refuseAddress(world: World, field: string, url: string, { warn }: DarajaRequest): Reply | undefined {
  const word = forbiddenWord(url)
  if (word !== undefined) {
    const exactly = { of: field, what: `contains "${word}", which Safaricom forbids in addresses` }
    if (world.settings.c2b_url_words === 'refuse') return badRequest(refused('addressWord', exactly))
    warn(taken('addressWord', exactly))
  }
  // Plain http is fine in the sandbox; an address that cannot be reached is not.
  if (isPrivate(url) && !world.settings.local_callbacks) return badRequest(refused('addressPrivate', { of: field }))
  if (isPrivate(url)) warn(taken('addressPrivate', { of: field }))
  else if (isPlain(url)) warn(taken('addressPlain', { of: field }))
  return undefined
}

/** Safaricom does not say which address it minds, nor why; the log does. */
const badRequest = (why: string) => refuse(400, '400.003.02', 'Bad Request', why)

/** Production takes one registration. The old version calls the second a success, in words of its own. */
const alreadyRegistered = (version: 1 | 2): Reply =>
  version === 1
    ? answer(
        200,
        { ResponseDescription: 'Validation and Confirmation URLs are already registered' },
        refused('registered'),
      )
    : refuse(500, '500.003.1001', 'Urls are already registered', refused('registered'))
