import { findOrganisation } from '../organisation.ts'
import { api } from './api.ts'
import { families } from './family.ts'
import { address, oneOf, text } from './fields.ts'
import { mustBe, refused } from './judgements.ts'
import { isNominated, nominate } from './nominated-number.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { invalid, ok, refuse } from './reply.ts'
import type { Reply } from './reply.ts'

/** Pull Transactions has words of its own for a short code that it does not serve. */
export const unknownShortcode = (why: string): Reply => refuse(400, '400.001', 'Invalid ShortCode', why)

/** Registers a short code for Pull Transactions, once. The phone it names answers for the organisation from then on. */
export const pullRegister = api({
  name: 'pulltransactions',
  path: '/pulltransactions/v1/register',
  family: families.pull,
  fields: { ShortCode: text(20), RequestType: oneOf('Pull'), NominatedNumber: text(20), CallBackURL: address },
  answer(world, asked, { warn }) {
    const { ShortCode, NominatedNumber } = asked
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    if (findOrganisation(world, ShortCode) === undefined) return unknownShortcode(refused('organisation'))
    if (world.settings.pull === 'refused') return unknownShortcode(refused('pullRegistration'))
    const ResponseRefID = world.ids.uuid()
    if (isNominated(world, ShortCode)) {
      return ok({
        ResponseRefID,
        // With spaces, as observed; the success has none in the portal's sample.
        'Response Status': '1001',
        ShortCode,
        'Response Description': 'ShortCode already Registered',
      })
    }
    if (!nominate(world, ShortCode, NominatedNumber))
      return invalid('NominatedNumber', mustBe('NominatedNumber', 'a Kenyan mobile number'))
    return ok({
      ResponseRefID,
      ResponseStatus: '1000',
      ShortCode,
      ResponseDescription: 'Shortcode Registered Successfully',
    })
  },
})
