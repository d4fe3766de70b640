/** What the simulator makes of one thing in a request on which Daraja is silent, strict, or told of in two ways. */
type Judgement = {
  /** The field or part of a request that is judged. */
  of: string
  /** What it is or does, as the rest of a sentence. */
  what: string
  /** What becomes of the request; a switch, where there is one. */
  so: string
  /** Where this is known from, or that it is not known. */
  source: string
}

const portal = 'Safaricom’s portal'
const asField = 'refused, `400.002.02 Bad Request - Invalid <field>`'
const asLocalCallbacks = 'taken; refused without `local_callbacks`'

/** The table in docs/simulator.md, and the warnings in the log. A refusal cannot be written without a line of it. */
export const judgements = {
  // What every API has.
  path: { of: 'the path', what: 'is none of Daraja’s', so: 'refused, 404', source: portal },
  verb: { of: 'the method', what: 'is not the one of this path', so: 'refused, 404 or 405', source: portal },
  tokenMissing: { of: '`Authorization`', what: 'has no Bearer token', so: 'refused, `404.001.04`', source: portal },
  token: {
    of: 'the access token',
    what: 'was not given here, is older than an hour, or was replaced by a newer one',
    so: 'refused, in the words of each product; the last with `latest_token_wins`',
    source: portal,
  },
  basic: { of: '`Authorization`', what: 'is not Basic', so: 'refused, `400.008.01`', source: portal },
  grant: {
    of: '`grant_type`',
    what: 'is not client_credentials',
    so: 'refused, `400.008.02`',
    source: portal,
  },
  keys: {
    of: 'the consumer key or secret',
    what: 'is empty, or the word wrong',
    so: 'refused, as `wrong_keys` says',
    source: 'an empty 400 was seen in production (UmojaHub, 2026); others report error codes',
  },
  contentType: {
    of: '`Content-Type`',
    what: 'is not application/json, so that Daraja does not see the body',
    so: 'refused for the first field',
    source: `${portal}, questions and answers`,
  },
  json: { of: 'the body', what: 'is not the JSON that it should be', so: 'refused, `400.002.05`', source: portal },
  field: { of: 'a field', what: 'is missing or not of its form', so: asField, source: portal },
  organisation: { of: 'the short code', what: 'does not exist', so: 'refused, as its API does', source: portal },

  // Addresses.
  addressWord: {
    of: 'an address',
    what: 'contains a word that Safaricom forbids in addresses',
    so: 'taken; refused in C2B, `400.003.02`, unless `c2b_url_words` says otherwise',
    source: `${portal}; in STK push the sandbox took some (Nkap) and refused others (Premisave)`,
  },
  addressPrivate: {
    of: 'an address',
    what: 'is private: Safaricom cannot reach it',
    so: asLocalCallbacks,
    source: 'a matter of networks; the sandbox took a host that does not exist (Nkap)',
  },
  addressPlain: {
    of: 'an address',
    what: 'is not https, which Safaricom demands in production',
    so: `${asLocalCallbacks}, but for C2B`,
    source: portal,
  },

  // STK push and query.
  timestamp: {
    of: '`Timestamp`',
    what: 'is more than ten minutes off the time in Nairobi (UTC+3)',
    so: 'taken; refused with `nairobi_timestamp`',
    source: 'disputed: UTC works in production (kepas-tech), or is refused (taskiem, daraja-mcp)',
  },
  blanks: {
    of: '`Password` or `SecurityCredential`',
    what: 'has blanks or line breaks, as some base64 encoders put in',
    so: 'taken',
    source: 'nobody has recorded what Safaricom does',
  },
  sandboxTill: {
    of: '`TransactionType`',
    what: 'is CustomerBuyGoodsOnline for 174379, which is no store',
    so: asField,
    source: 'seen in the sandbox, October 2026 (mpesa-python)',
  },
  password: {
    of: '`Password`',
    what: 'is not the base64 of short code, passkey and Timestamp',
    so: 'refused, `500.001.1001`',
    source: portal,
  },
  tillForStore: {
    of: '`BusinessShortCode`',
    what: 'is a till number, where the number of its store belongs',
    so: 'refused, `500.001.1001`, for a till that has a [`store`](#control-api)',
    source: `${portal}: the store’s, or head office’s, number`,
  },
  busy: {
    of: '`PhoneNumber`',
    what: 'has a prompt open',
    so: 'refused, `500.001.1001`',
    source: portal,
  },
  description: {
    of: '`TransactionDesc`',
    what: 'is missing, which Daraja calls Remarks',
    so: asField,
    source: `${portal} calls it optional; the sandbox refused (UmojaHub, August 2026)`,
  },
  descriptionLong: {
    of: '`TransactionDesc`',
    what: 'is longer than the 13 characters that Safaricom documents',
    so: 'taken',
    source: portal,
  },
  referenceLong: {
    of: '`AccountReference`',
    what: 'is longer than the 12 characters that Safaricom documents',
    so: 'taken, up to 20',
    source: `${portal}; the sandbox took 15 (UmojaHub)`,
  },
  referenceOfTill: {
    of: '`AccountReference`',
    what: 'is empty, for a till, which has no accounts',
    so: 'taken; of a paybill refused',
    source: `${portal} requires it; nobody has recorded a refusal for a till`,
  },
  characters: {
    of: '`AccountReference` or `TransactionDesc`',
    what: 'has one of @ # &, which make real payments fail silently',
    so: 'taken',
    source: 'an integrator, 2025 (bnjunge/MPESA-API-Tutorial#3)',
  },
  unknownPush: {
    of: '`CheckoutRequestID`',
    what: 'is of no push that this short code made',
    so: 'refused, `500.001.1001`',
    source: 'seen in the sandbox, 2026 (Nkap)',
  },
  inFlight: {
    of: 'a query',
    what: 'comes before the payer has answered',
    so: 'answered as `in_flight_query` says; two of its ways are refusals',
    source: '4999 was seen in 2026 (UmojaHub, Nkap); 500 is older',
  },
  flake: {
    of: 'a query',
    what: 'fails for no reason',
    so: 'refused as often as `query_flake_rate` says',
    source: 'seen in the sandbox, 4 times in 19 (Nkap)',
  },
  queryLimit: {
    of: 'a query',
    what: 'is the sixth within a minute of one app',
    so: 'taken; refused with `query_limit`, 429',
    source: 'seen in the sandbox, June 2026, by one integrator; not documented',
  },

  // C2B.
  registered: {
    of: '`ShortCode`',
    what: 'has its addresses registered already',
    so: 'taken; refused with `c2b_registration`',
    source: `${portal}: in production once, in the sandbox at will`,
  },
  bill: {
    of: '`BillRefNumber`',
    what: 'is missing, for a paybill',
    so: asField,
    source: `${portal} lets tills alone do without; nobody has recorded the refusal`,
  },
  billOfTill: {
    of: '`BillRefNumber`',
    what: 'is given for a till, which has no accounts',
    so: 'taken, and left out',
    source: `${portal}: null or left out`,
  },

  // What API operators ask.
  credential: {
    of: '`SecurityCredential`',
    what: 'is no RSA block: a password encrypted with a key of 2048 bits has 344 characters in base64',
    so: asField,
    source: `${portal}; that it is refused at once, and not by a result 2001, is one integrator’s word`,
  },
  remarks: {
    of: '`Remarks`',
    what: 'is missing, or longer than 100 characters',
    so: asField,
    source: portal,
  },
  remarksShort: {
    of: '`Remarks`',
    what: 'has one character, where Safaricom documents two at least',
    so: 'taken',
    source: portal,
  },
  repeatedId: {
    of: '`OriginatorConversationID`',
    what: 'was used before',
    so: 'refused, `500.002.1001`',
    source: portal,
  },
  occasion: {
    of: '`Occassion`',
    what: 'is spelt Occasion',
    so: 'taken',
    source: `${portal}: with two s today, with one in the documents of version 1`,
  },
  command: {
    of: '`CommandID`',
    what: 'is spelt Command ID',
    so: 'taken',
    source: `a slip in samples of ${portal}`,
  },
  oldCommand: {
    of: '`CommandID`',
    what: 'is of an older Daraja, and no longer on the portal',
    so: 'taken',
    source: 'Safaricom’s own Node library, 2019',
  },
  receiver: {
    of: '`RecieverIdentifierType`',
    what: 'is missing, or spelt as in a dictionary, or neither 4 nor 2',
    so: asField,
    source: `${portal}; that the right spelling is not seen is one integrator’s word (daraja-mcp)`,
  },
  referenceLongB2b: {
    of: '`AccountReference`',
    what: 'of B2B is longer than the 13 characters that Safaricom documents',
    so: 'taken, up to 20',
    source: `${portal}; 20 in older documents`,
  },
  requester: {
    of: '`Requester`',
    what: 'is 0, as typed clients write what is left out',
    so: 'taken, as left out',
    source: 'a client (jwambugu/mpesa-golang-sdk); nobody has recorded what Safaricom does',
  },
  receiverTill: {
    of: '`RecieverIdentifierType`',
    what: 'is 2, a till',
    so: 'taken, in B2B',
    source: `${portal} knows 4 only; production takes 2 (kepas-tech)`,
  },
  receiverOfReversal: {
    of: '`RecieverIdentifierType`',
    what: 'of a reversal is not 11',
    so: asField,
    source: `${portal}; older clients send 4`,
  },
  identifier: {
    of: '`IdentifierType`',
    what: 'is 1 or 2, a phone or a till',
    so: 'taken',
    source: `${portal} knows 4 only, older documents all three`,
  },
  transaction: {
    of: '`TransactionID` and `OriginalConversationID`',
    what: 'are both missing',
    so: asField,
    source: portal,
  },
  idDocument: {
    of: '`IDType` and `IDNumber`',
    what: 'are asked for by B2C with ID validation, of which the rest is version 1',
    so: 'taken, with or without an `OriginatorConversationID`',
    source: 'clients only; no page of Safaricom’s is left',
  },

  // The rest.
  requestRef: {
    of: '`RequestRefID`',
    what: 'is spelt RequestRefId',
    so: 'taken',
    source: `${portal}: RequestRefID in the sample, RequestRefId in the table`,
  },
  orderName: {
    of: '`StandingOrderName`',
    what: 'is spelt StandingOrderNameName',
    so: 'taken',
    source: `${portal}: so in the sample of 2026`,
  },
  orderId: {
    of: '`CustomStoId`',
    what: 'is spelt CustomstdoId',
    so: 'taken',
    source: `${portal}: so in the table of 2026`,
  },
  orderType: {
    of: '`TransactionType`',
    what: 'is one of the portal’s of 2025, with the callback and the frequencies of then',
    so: 'taken; *Marchant* and *Merchant* both',
    source: `${portal}, 2025; a client (mpesakit)`,
  },
  orderFrequency: {
    of: '`Frequency`',
    what: 'is more than the types of that year have',
    so: asField,
    source: `${portal}: eight in 2025, nine in 2026`,
  },
  idType: {
    of: '`idType`',
    what: 'is a name, not 01, 02 or 05',
    so: 'taken',
    source: `${portal} in one copy has numbers, in another names`,
  },
  appKey: {
    of: 'the header `appKey`',
    what: 'is spelt app_key',
    so: 'taken',
    source: `${portal}: appKey in the text, app_key in the answer`,
  },
  biller: {
    of: 'Bill Manager',
    what: 'refuses, for the reason in its Status_Message',
    so: '200, with `rescode` 409',
    source: portal,
  },
  pullRegistration: {
    of: '`ShortCode`',
    what: 'was not registered for Pull Transactions, which production demands',
    so: 'taken; refused as `pull` says, `400.001`',
    source: portal,
  },
  pullVerb: {
    of: 'Pull Transactions',
    what: 'is asked by GET',
    so: 'taken, like POST',
    source: `${portal} says GET; every client sends POST`,
  },
  pullDate: {
    of: '`StartDate` or `EndDate`',
    what: 'is careless with zeros or seconds',
    so: 'taken',
    source: `${portal}: so in its sample`,
  },
  stranger: {
    of: 'a magic number',
    what: 'is of nobody whom Safaricom knows',
    so: 'answered so',
    source: 'the list of magic numbers',
  },
  iot: {
    of: 'the SIM portal',
    what: 'refuses, for the reason in its answer',
    so: 'its own status and envelope',
    source: `${portal}, in a copy (yourdudeken)`,
  },
} as const satisfies Record<string, Judgement>

export type JudgementName = keyof typeof judgements

/** What is judged, where the table names several, and what it is, where more can be said. */
type Exactly = { of?: string; what?: string }

const sentence = (verdict: string, name: JudgementName, exactly: Exactly): string => {
  const { of, what, source } = { ...judgements[name], ...exactly }
  return `${verdict}: ${of} ${what} (${source}).`.replaceAll('`', '')
}

/** The sentence in the log for what is let pass. */
export const taken = (name: JudgementName, exactly: Exactly = {}): string => sentence('Taken', name, exactly)

/** The sentence in the log for what is refused. */
export const refused = (name: JudgementName, exactly: Exactly = {}): string => sentence('Refused', name, exactly)

/** The sentence in the log for a field that is none of what it must be. */
export const mustBe = (of: string, expected: string): string => refused('field', { of, what: `must be ${expected}` })

/** The table as docs/simulator.md has it. */
export function judgementsDocument(): string {
  const rows = Object.values(judgements).map(({ of, what, so, source }) => `| ${of} | ${what} | ${so} | ${source} |`)
  return ['| of | what | becomes | known from |', '|---|---|---|---|', ...rows, ''].join('\n')
}
