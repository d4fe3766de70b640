/**
 * Where sources on Daraja disagree, or Safaricom's environments differ, there is a switch. The defaults follow the
 * best-attested behaviour, made comfortable for development; `strict` follows the sandbox where that is less comfortable.
 */
export type Settings = {
  /** JSON type of `expires_in` in the OAuth answer: both circulate. */
  expires_in: 'string' | 'number'
  /** What wrong consumer keys get: an empty 400 as observed live, or one of two error codes that others report. */
  wrong_keys: 'empty' | '400.008.01' | '401.002.01'
  /** Whether a new access token ends the life of the app's previous one, as Safaricom documents. */
  latest_token_wins: boolean
  /** Whether an STK timestamp more than ten minutes off Nairobi time is refused rather than warned about. */
  nairobi_timestamp: boolean
  /** What a query of a payment in progress gets: 4999; an old 500; or a 200 with an error code and no message. */
  in_flight_query: '4999' | 'being_processed' | 'empty'
  /** How often a query of a concluded payment fails for no reason, 0 to 1. Seen live about one time in five. */
  query_flake_rate: number
  /** Whether an app's sixth query within a minute is refused with 429, as integrators saw in the sandbox. */
  query_limit: 'none' | 'sandbox'
  /** Whether Safaricom's forbidden words in a C2B URL are refused or only warned about. */
  c2b_url_words: 'refuse' | 'warn'
  /** Whether C2B URLs can be registered again, as in the sandbox, or once, as in production. */
  c2b_registration: 'repeatable' | 'once'
  /** Whether C2B payments are validated first. Off at Safaricom until one asks for it. */
  c2b_validation: boolean
  /** How a v2 payer's number is masked: `2547 ***** 126`, as documented, or `25470****149`, as seen. */
  c2b_masking: 'documented' | 'seen'
  /** Whether a paybill with registered C2B URLs is sent a confirmation for STK payments too. */
  c2b_confirmation_on_stk: boolean
  /** Any well-formed SecurityCredential will do, or only one that was encrypted with the certificate of this simulator. */
  security_credential: 'any' | 'checked'
  /** Whose OriginatorConversationID the result of B2C v3 carries: the gateway's, as in the portal's sample, or the caller's. */
  b2c_result_id: 'gateway' | 'caller'
  /** A status result as in the portal's sample, DebitPartyName twice and all text; or as observed, with CreditPartyName. */
  status_result: 'portal' | 'observed'
  /** Pull Transactions for any short code; for registered ones, as in production; or for none, as in the sandbox. */
  pull: 'open' | 'registered' | 'refused'
  /** What the Z in the dates of Pull Transactions means. Nobody knows. */
  pull_dates: 'utc' | 'nairobi'
  /** The words in which a QR code is answered: code `00`, as observed, or an id for a code, as in the portal's sample. */
  qr_answer: 'observed' | 'portal'
  /** The notification of Pesaflow: as recorded, or the variant of an integrator's guide, as JSON or as a form. */
  pesaflow_ipn: 'recorded' | 'variant' | 'variant_form'
  /** The hash in it. Whether the recipe itself is the real one nobody knows. */
  pesaflow_ipn_hash: 'right' | 'wrong' | 'none'
  /** Whether its times are right, or three hours late, as seen: Nairobi's time called UTC. */
  pesaflow_ipn_times: 'right' | 'late'
  /** The word for a paid bill, and for one that is paid in part, of which nobody knows. */
  pesaflow_paid_word: 'settled' | 'paid' | 'SUCCESS'
  pesaflow_part_word: 'pending' | 'settled'
  /** What Pesaflow takes on top of every bill, in shillings; null for a rule that resembles what was seen. */
  pesaflow_commission: number | null
  /** Whether a reference that comes again while its bill is unpaid is the same bill, or a second one. Nobody knows. */
  pesaflow_repeated_bill: 'same' | 'second'
  /** Whether the status is told with an access token only. */
  pesaflow_status_token: boolean
  /** Whether the page to pay at may be framed. In production it may not. */
  pesaflow_framing: boolean
  /** Whether callbacks may go to plain http, localhost and private addresses. */
  local_callbacks: boolean
  /** Whether 254708374149 pays at once. In Safaricom's sandbox it never answers. */
  test_number_pays: boolean
  /** How long a prompt stays on the phone before the payment fails with 1037. */
  prompt_life_ms: number
  /** How long a phone that answers by itself takes to do so. */
  answer_after_ms: number
  /** The source address to claim in `X-Forwarded-For` of callbacks, or null. */
  forwarded_for: string | null
}

type Setting<Value> = { normal: Value; strict: Value; allowed: (value: unknown) => boolean; expects: string }

const choice = <Value>(normal: Value, strict: Value, ...values: Value[]): Setting<Value> => ({
  normal,
  strict,
  allowed: (value) => values.includes(value as Value),
  expects: values.map((value) => JSON.stringify(value)).join(' or '),
})
const flag = (normal: boolean, strict: boolean) => choice(normal, strict, true, false)
const numberUpTo = (max: number, normal: number, strict = normal): Setting<number> => ({
  normal,
  strict,
  allowed: (value) => typeof value === 'number' && value >= 0 && value <= max,
  expects: `a number from 0 to ${max}`,
})
const dayMs = 86_400_000

const catalogue: { [Name in keyof Settings]: Setting<Settings[Name]> } = {
  expires_in: choice('string', 'string', 'string', 'number'),
  wrong_keys: choice<Settings['wrong_keys']>('empty', 'empty', 'empty', '400.008.01', '401.002.01'),
  latest_token_wins: flag(false, true),
  nairobi_timestamp: flag(false, true),
  in_flight_query: choice<Settings['in_flight_query']>('4999', '4999', '4999', 'being_processed', 'empty'),
  query_flake_rate: numberUpTo(1, 0),
  query_limit: choice<Settings['query_limit']>('none', 'sandbox', 'none', 'sandbox'),
  c2b_url_words: choice('refuse', 'refuse', 'refuse', 'warn'),
  c2b_registration: choice('repeatable', 'repeatable', 'repeatable', 'once'),
  c2b_validation: flag(true, true),
  c2b_masking: choice<Settings['c2b_masking']>('documented', 'documented', 'documented', 'seen'),
  c2b_confirmation_on_stk: flag(false, false),
  security_credential: choice<Settings['security_credential']>('any', 'any', 'any', 'checked'),
  b2c_result_id: choice<Settings['b2c_result_id']>('gateway', 'gateway', 'gateway', 'caller'),
  status_result: choice<Settings['status_result']>('portal', 'portal', 'portal', 'observed'),
  pull: choice<Settings['pull']>('open', 'refused', 'open', 'registered', 'refused'),
  pull_dates: choice<Settings['pull_dates']>('utc', 'utc', 'utc', 'nairobi'),
  qr_answer: choice<Settings['qr_answer']>('observed', 'observed', 'observed', 'portal'),
  pesaflow_ipn: choice<Settings['pesaflow_ipn']>('recorded', 'recorded', 'recorded', 'variant', 'variant_form'),
  pesaflow_ipn_hash: choice<Settings['pesaflow_ipn_hash']>('right', 'right', 'right', 'wrong', 'none'),
  pesaflow_ipn_times: choice<Settings['pesaflow_ipn_times']>('right', 'right', 'right', 'late'),
  pesaflow_paid_word: choice<Settings['pesaflow_paid_word']>('settled', 'settled', 'settled', 'paid', 'SUCCESS'),
  pesaflow_part_word: choice<Settings['pesaflow_part_word']>('pending', 'pending', 'pending', 'settled'),
  pesaflow_commission: {
    normal: null,
    strict: null,
    allowed: (value) => value === null || (typeof value === 'number' && value >= 0 && value <= 1e6),
    expects: 'a number of shillings or null',
  },
  pesaflow_repeated_bill: choice<Settings['pesaflow_repeated_bill']>('same', 'same', 'same', 'second'),
  pesaflow_status_token: flag(false, false),
  pesaflow_framing: flag(true, false),
  local_callbacks: flag(true, false),
  test_number_pays: flag(true, false),
  prompt_life_ms: numberUpTo(dayMs, 60_000, 26_000),
  answer_after_ms: numberUpTo(dayMs, 0),
  forwarded_for: {
    normal: null,
    strict: null,
    allowed: (value) => value === null || (typeof value === 'string' && /^[\da-fA-F.:]{3,45}$/.test(value)),
    expects: 'an IP address or null',
  },
}

export function initialSettings(strict: boolean): Settings {
  const values = Object.entries(catalogue).map(([name, setting]) => [name, strict ? setting.strict : setting.normal])
  return Object.fromEntries(values) as Settings
}

/** Changes the settings that are named. Throws a sentence that says what to write instead, and then changes none. */
export function changeSettings(settings: Settings, changes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(changes)) {
    const setting = Object.hasOwn(catalogue, name) ? catalogue[name as keyof Settings] : undefined
    if (setting === undefined)
      throw new Error(`There is no setting ${name}. There are: ${Object.keys(catalogue).join(', ')}.`)
    if (!setting.allowed(value)) throw new Error(`${name} must be ${setting.expects}.`)
  }
  Object.assign(settings, changes)
}
