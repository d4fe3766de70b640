/** A trouble that people meet most, from how it shows to what ends it. */
export type Trouble = { id: string; title: string; shows: string; cause: string; todo: string }

/** In the order of a first integration. Facts from Safaricom's portal, and from what its users report. */
export const metMost: readonly Trouble[] = [
  {
    id: 'till-for-store',
    title: 'A till number where the store number belongs',
    shows:
      'SFC_IC0003 "The operator does not exist", 2028 "The request is not permitted according to product assignment", or 500.001.1001 "Merchant does not exist".',
    cause:
      'A till has two numbers. The till number is what customers pay to; the store number (head office number) is what Safaricom knows the till by, and the passkey belongs to it.',
    todo: 'Set type till, shortcode to the store number and till to the till number. The store number is the one that the app went live with. lango doctor looks for this.',
  },
  {
    id: 'transaction-type',
    title: 'The wrong TransactionType for a till',
    shows: '400.002.02 "Bad Request - Invalid TransactionType", or 2028 after the prompt.',
    cause:
      'A paybill is asked for with CustomerPayBillOnline, a till with CustomerBuyGoodsOnline. The sandbox short code 174379 is a paybill, and refuses the other.',
    todo: "Lango chooses by the account's type: set type to till or paybill as the number is. To rehearse a till before going live use the simulator: the sandbox has none that answers.",
  },
  {
    id: 'no-callbacks',
    title: 'Callbacks that a firewall swallows',
    shows:
      'The payer has paid and has the SMS, and the payment completes only when it is checked, late and at first without its M-Pesa code.',
    cause:
      'Safaricom posts a callback once, without a signature, and tries no second time. A firewall, a bot filter of a proxy, a redirect from http to https, or a login in front of the path loses it.',
    todo: 'Let the addresses below through to the https port, for POST to /v1/in/ without redirect, login or bot check. Behind a proxy name it in TRUSTED_PROXIES, or callbacks seem to come from elsewhere. The certificate must come with its chain. lango doctor says when the last callback came, and lango doctor --ask looks at the certificate.',
  },
  {
    id: 'forbidden-words',
    title: 'An address that Safaricom refuses',
    shows: '400.002.02 "Bad Request - Invalid CallBackURL", or 400.003.02 when C2B is registered.',
    cause:
      'An address for callbacks must be https and public, and must not hold mpesa, m-pesa, safaricom, exe, exec, cmd, sql or query, not even in its host. Safaricom rules out tunnels such as ngrok.',
    todo: 'Set PUBLIC_URL to another name. Lango refuses such a one at the start, and its own paths hold none of these words.',
  },
  {
    id: 'wrong-credentials',
    title: 'Wrong credentials for an STK push',
    shows: '500.001.1001 "Wrong credentials" or "[MerchantValidate] - Wrong credentials".',
    cause: 'The passkey belongs to another short code, or to another environment than the consumer key.',
    todo: 'Set passkey and shortcode from the same message of Safaricom. For a till that is the store number. The passkey of the sandbox serves 174379 alone.',
  },
  {
    id: 'invalid-access-token',
    title: 'Invalid Access Token',
    shows: '404.001.03, 400.003.01, 401.002.01 or 401.003.01 "no apiproduct match found"; at OAuth an empty 400.',
    cause:
      'The keys are of the other environment, the app at developer.safaricom.co.ke lacks the product of this API, it is not live yet, or another program with the same app took a newer token.',
    todo: 'Tick the product on the portal; a new token is taken by itself. Give Lango an app of its own: each new token may end the one before it. lango doctor --ask tries every account.',
  },
  {
    id: 'operator-2001',
    title: 'The initiator information is invalid',
    shows: '2001, in two meanings.',
    cause:
      "In a payment the payer entered a wrong PIN. In a refund, payout, status or balance the API operator's name, its password or the certificate by which it was encrypted is wrong. Such a password ends after 90 days, and 8006 means that wrong ones locked it.",
    todo: "Set a new password in the M-PESA organisation portal, encrypt it with Safaricom's production certificate, which Lango brings, and set security_credential anew. 21 means that the operator lacks the role for this API.",
  },
  {
    id: 'still-processing',
    title: 'Still under processing',
    shows: '4999, or 500.001.1001 "The transaction is being processed", to a query.',
    cause: 'Nothing is decided yet. It is no failure, though many programs take it for one.',
    todo: 'Wait. Lango leaves such a payment pending and asks again by itself.',
  },
  {
    id: 'no-prompt',
    title: 'No prompt on the phone',
    shows: '1037 "DS timeout user cannot be reached", 1036, or 1032 although nobody cancelled.',
    cause: 'The phone is off, has no signal or an old SIM, or nobody answered within a minute.',
    todo: 'Have the payer dial *234# to update the SIM, and try again; the checkout page shows the way to pay by hand meanwhile. In the sandbox the test number 254708374149 never answers.',
  },
  {
    id: 'urls-registered',
    title: 'C2B addresses that cannot be registered again',
    shows: '500.003.1001 "Urls are already registered" or "Duplicate notification info".',
    cause:
      'In production a short code is registered once. Another system, or an aggregator, may have registered it before.',
    todo: 'Delete the old addresses in the M-PESA organisation portal under Self Services, URL Management, or ask apisupport@safaricom.co.ke, and register again: POST /v1/mpesa/c2b/register.',
  },
]
