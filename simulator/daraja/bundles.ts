import type { World } from '../world.ts'
import { api } from './api.ts'
import type { Api } from './api.ts'
import { families } from './family.ts'
import { msisdn, oneOf, text } from './fields.ts'
import { mustBe } from './judgements.ts'
import { invalid, ok } from './reply.ts'

/** The bundles on offer, for every number. */
const offers = [
  { name: '1GB', validity: '1 hour', megabytes: '1024', price: '20' },
  { name: '250MB', validity: '24 hours', megabytes: '250', price: '20' },
  { name: '7GB', validity: '7 days', megabytes: '7168', price: '500' },
]

const purchases = (world: World) => world.memory.recent<{ msisdn: string; at: string }>('bundle-purchases')

/** Mobile Center: which bundles a number may buy. */
export const fetchBundles: Api = {
  name: 'bundles',
  method: 'GET',
  path: '/v1/dynamic-offers/fetch',
  family: families.commercial,
  answer(_world, { url }) {
    if (msisdn.read(url.searchParams.get('msisdn'), {}) === undefined) {
      return invalid('msisdn', mustBe('msisdn', msisdn.expects))
    }
    return ok({
      id: '1',
      desc: 'Success',
      status: '200',
      // So spelt.
      relatedSusbscription: [{ desc: '', name: '' }],
      lineItem: {
        characteristicsValue: offers.map(({ name, validity, megabytes, price }, index) => ({
          offerName: name,
          uniqueOfferingId: `${index + 1}-1`,
          offerValidity: validity,
          resourceAccId: '5',
          resourceValue: megabytes,
          offerPrice: price,
          offerUssdName: name,
          offeringId: String(index + 1),
          offerSource: 'CBS',
          locationId: '1',
          subscribed: 'false',
          childOffers: [],
        })),
      },
    })
  },
}

/** Buys a bundle from airtime, of which there is enough. */
export const purchaseBundle = api({
  name: 'bundles',
  path: '/v1/dynamic-offers/facebook-bundle/purchase',
  family: families.commercial,
  fields: {
    offeringId: text(50),
    accountId: text(50),
    price: text(20),
    resourceAmount: text(20),
    validity: text(50),
    msisdn,
    transactionId: text(100),
    paymentMode: oneOf('airtime'),
  },
  answer(world, { msisdn, transactionId }) {
    const at = world.clock.now().toISOString()
    purchases(world).set(transactionId, { msisdn, at })
    return ok({
      header: {
        requestRefId: world.ids.uuid(),
        responseCode: '200',
        responseMessage: 'Success',
        customerMessage: 'Request executed successfully.',
        timestamp: `${at.slice(0, -1)}${world.random.text(6, '0123456789')}`,
      },
    })
  },
})

/** What became of a purchase. */
export const bundleStatus: Api = {
  name: 'bundles',
  method: 'GET',
  path: '/v2/bundles/get/status',
  family: families.commercial,
  answer(world, { url }) {
    const id = url.searchParams.get('id') ?? ''
    const purchase = purchases(world).get(id)
    return ok({
      responseId: id,
      responseDesc: purchase === undefined ? 'Not found' : 'Success',
      responseStatus: purchase === undefined ? '404' : '200',
      responseCreated: (purchase?.at ?? world.clock.now().toISOString()).slice(0, 19),
    })
  },
}
