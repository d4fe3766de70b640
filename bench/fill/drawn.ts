import { raw, sql } from '../../server/database/sql.ts'
import type { Sql } from '../../server/database/sql.ts'

/** What draws: a number below another, the same each time, and the UUIDv7 of a moment. A hash of whole numbers is the cheapest there is. */
export const drawing = `
  create function fill_draw(n bigint, what text, below int) returns int immutable language sql
    return (hashint8extended(n, hashtext(what)) & 2147483647) % below;
  create function fill_id(at timestamptz, n bigint, what text) returns uuid stable language sql
    return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
      || '7' || substr(to_hex(hashint8extended(n, hashtext(what)) | (1::bigint << 62)), 2, 3)
      || '8' || substr(to_hex(hashint8extended(n, hashtext(what) + 1) | (1::bigint << 62)), 2, 15))::uuid;
  create unlogged table fill_merchants (merchant_id uuid, account_id uuid, endpoint_id uuid, share int4range, part int, issuer jsonb)`

const firstNames =
  'Amina Otieno Wanjiru Kamau Achieng Njoroge Fatuma Kiprop Chebet Mutua Nyambura Barasa Wafula Zawadi Juma Halima Omondi Kilonzo Makena Rehema Baraka Neema Koech Akinyi'
const lastNames =
  'Hassan Wanyama Mwangi Odhiambo Kariuki Maina Cheruiyot Muthoni Ochieng Wekesa Mutiso Kimani Njeri Abdi Rotich Auma Gitau Mohamed Kibet Simiyu'

const oneOf = (names: string, what: string) =>
  raw(`('{${names.replaceAll(' ', ',')}}'::text[])[1 + fill_draw(n, '${what}', ${names.split(' ').length})]`)

/**
 * Draws the payments of these numbers, of a part of the merchants, into a temporary table `f`, and says of each what became of it: of a hundred some 80 are paid on
 * the phone, 14 fail, 4 come by hand; of the others some go back or are of an invoice. The last few are still waited for.
 */
export function drawn({
  from,
  until,
  payments,
  now,
  part,
}: {
  from: number
  until: number
  payments: number
  now: Date
  part: number
}): Sql {
  return sql`
    create temporary table f on commit drop as
    select d.*, fill_id(created_at, n, 'payment') as id, fill_id(done_at, n, 'money') as money_id,
      fill_id(done_at, n, 'evidence') as evidence_id, fill_id(done_at, n, 'event') as event_id,
      case when became = 'reversed' then fill_id(done_at, n, 'reversed event') end as reversed_event_id,
      case when became in ('sent back in part', 'reversed') then fill_id(done_at + interval '1 day', n, 'refund') end as refund_id,
      fill_draw(n, 'lost', 1000) = 0 as is_lost,
      case when became = 'waited for' then ${now}::timestamptz + interval '1 day' end as check_at,
      fill_id(done_at, n, 'callback') as callback_id, fill_id(done_at, n, 'receipt') as receipt_id,
      case when became = 'of an invoice' then fill_id(created_at, n, 'invoice') end as invoice_id,
      became not in ('failed', 'waited for') as is_paid, became <> 'by hand' as is_asked,
      case became when 'sent back in part' then amount_cents / 2 when 'reversed' then amount_cents else 0 end as returned_cents,
      'T' || chr(64 + extract(month from done_at)::int) || substr('123456789ABCDEFGHIJKLMNOPQRSTUV', extract(day from done_at)::int, 1)
        || lpad(upper(to_hex(n)), 7, '0') as receipt
    from (
      select n, m.merchant_id, m.account_id, m.endpoint_id, m.issuer, b.became, b.created_at,
        b.created_at + make_interval(secs => 4 + fill_draw(n, 'seconds', 50)) as done_at,
        (1 + fill_draw(n, 'amount', 500)) * (case fill_draw(n, 'large', 20) when 0 then 10000 else 1000 end)::bigint as amount_cents,
        '2547' || lpad((fill_draw(n, 'payer', 200000) * 379 % 100000000)::text, 8, '0') as phone,
        case when fill_draw(n, 'named', 10) < 4 or b.became = 'by hand' then ${oneOf(firstNames, 'first')} || ' ' || ${oneOf(lastNames, 'last')} end as name,
        case when fill_draw(n, 'tenant', 4) = 0 then 'RENT-' || fill_draw(n, 'house', 900) else 'INV-' || n end as reference,
        case when fill_draw(n, 'order', 2) = 0 then 'order-' || n end as external_reference,
        '29115-34620561-' || n as merchant_request_id
      from generate_series(${from}::bigint, ${until}::bigint) n
      cross join lateral (select
        ${now}::timestamptz - interval '1 minute' - (${payments} - n) * (interval '365 days' / ${payments}) as created_at,
        case when n > ${payments} - 30 then 'waited for'
          else case when k < 790 then 'paid' when k < 930 then 'failed' when k < 970 then 'by hand' when k < 980 then 'sent back in part'
            when k < 983 then 'reversed' when k < 990 then 'of an invoice' else 'paid' end end as became
        from (select fill_draw(n, 'became', 1000) as k offset 0) drawn_k offset 0) b
      join fill_merchants m on m.part = ${part} and m.share @> fill_draw(n, 'merchant', 1000)
      offset 0
    ) d`
}
