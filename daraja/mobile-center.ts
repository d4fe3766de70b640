import type { Daraja } from './client.ts'
import { asList, asObject, asText } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { judge } from './core/judge.ts'
import { phoneObjection, refuseLocally } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { get, post } from './core/send.ts'
import { parsePhone } from './phone.ts'

/** One bundle on offer for a number. */
export type BundleOffer = {
  offeringId: string
  name: string
  /** As Safaricom words them. */
  price: string | undefined
  validity: string | undefined
  resourceAmount: string | undefined
  accountId: string | undefined
  /** The offer as it came, with the fields that these are read from. */
  offer: JsonObject
}

/**
 * Lists the bundles that a number may buy (Mobile Center, `GET /v1/dynamic-offers/fetch`). Answered at once. Never throws.
 *
 * @example await fetchBundles(daraja, '0722000000')
 */
export async function fetchBundles(
  daraja: Daraja,
  phone: string,
  options: SendOptions = {},
): Promise<Outcome<{ offers: readonly BundleOffer[] }>> {
  const refusal = refuseLocally([phoneObjection(phone)], options)
  if (refusal) return refusal
  const query = new URLSearchParams({ msisdn: parsePhone(phone) ?? phone })
  const reply = await get(daraja, `/v1/dynamic-offers/fetch?${query}`)
  return judge(reply, {
    accepted(json) {
      const items = asObject(json['lineItem'])?.['characteristicsValue']
      return items === undefined ? undefined : { offers: asList(items).map(asObject).flatMap(readOffer) }
    },
  })
}

function readOffer(offer: JsonObject | undefined): BundleOffer[] {
  const offeringId = asText(offer?.['offeringId']) ?? asText(offer?.['uniqueOfferingId'])
  if (!offer || !offeringId) return []
  return [
    {
      offeringId,
      name: asText(offer['offerName']) ?? '',
      price: asText(offer['offerPrice']),
      validity: asText(offer['offerValidity']),
      resourceAmount: asText(offer['resourceValue']),
      accountId: asText(offer['resourceAccId']),
      offer,
    },
  ]
}

export type BundlePurchase = {
  phone: string
  offeringId: string
  accountId: string
  price: string
  resourceAmount: string
  validity: string
  /** Your own id of this purchase. */
  transactionId: string
}

/**
 * Buys a bundle from a number's airtime (`POST /v1/dynamic-offers/facebook-bundle/purchase`). Never throws. After `unknown` it may
 * have been bought: ask `bundleStatus`.
 */
export async function purchaseBundle(
  daraja: Daraja,
  purchase: BundlePurchase,
  options: SendOptions = {},
): Promise<Outcome<{ requestRefId: string | undefined; customerMessage: string }>> {
  const refusal = refuseLocally([phoneObjection(purchase.phone)], options)
  if (refusal) return refusal
  const reply = await post(daraja, '/v1/dynamic-offers/facebook-bundle/purchase', {
    offeringId: purchase.offeringId,
    accountId: purchase.accountId,
    price: purchase.price,
    resourceAmount: purchase.resourceAmount,
    validity: purchase.validity,
    msisdn: parsePhone(purchase.phone) ?? purchase.phone,
    transactionId: purchase.transactionId,
    paymentMode: 'airtime',
  })
  return judge(reply, {
    accepted(json) {
      const header = asObject(json['header'])
      if (asText(header?.['responseCode']) !== '200') return undefined
      return {
        requestRefId: asText(header?.['requestRefId']),
        customerMessage: asText(header?.['customerMessage']) ?? '',
      }
    },
  })
}

/** Asks what became of a purchase (`GET /v2/bundles/get/status`). Never throws. */
export async function bundleStatus(
  daraja: Daraja,
  purchase: { id: string; serviceAccountId: string },
): Promise<Outcome<{ status: string; description: string }>> {
  const reply = await get(daraja, `/v2/bundles/get/status?${new URLSearchParams(purchase)}`)
  return judge(reply, {
    accepted(json) {
      const status = asText(json['responseStatus'])
      return status === undefined ? undefined : { status, description: asText(json['responseDesc']) ?? '' }
    },
  })
}
