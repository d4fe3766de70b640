/** What the shop sells, and a field for the phone that pays. */
export function shelfPage() {
  return page(`<h1>Duka</h1>
<form method="post" action="/buy">
  <p><label>Your M-PESA number<br><input name="phone" inputmode="tel" placeholder="0712 345 678" required></label></p>
  <p><button>Unga, 2 kg: KSh 100</button></p>
</form>`)
}

/** What became of an order. While it waits, the page looks again by itself. */
export function orderPage({ payment, checkoutUrl }) {
  switch (payment.status) {
    case 'completed':
      return page(
        `<h1>Paid. Asante!</h1><p>Your M-PESA code: <b>${escape(payment.provider_receipt ?? 'as your SMS says')}</b></p>`,
      )
    case 'failed':
      return page(`<h1>Not paid</h1><p>${escape(payment.failure.message)}</p><p><a href="/">Try again</a></p>`)
    case 'reversed':
      return page('<h1>Your money went back</h1>')
    default:
      return page(
        `<h1>Check your phone</h1><p>Enter your M-PESA PIN.</p>
<p>It does not ring? <a href="${escape(checkoutUrl ?? '')}">Pay by hand</a></p>`,
        '<meta http-equiv="refresh" content="2">',
      )
  }
}

/** What went wrong, in a sentence. */
export function errorPage(message) {
  return page(`<h1>Sorry</h1><p>${escape(message)}</p><p><a href="/">Back to the shop</a></p>`)
}

function page(body, head = '') {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
<title>Duka</title>
<style>body { max-width: 22rem; margin: 12vh auto; padding: 0 1.5rem; font: 1.1rem/1.5 system-ui; color-scheme: light dark }
input, button { box-sizing: border-box; width: 100%; margin-top: 0.3rem; padding: 0.8rem; font: inherit; border: 1px solid #8888; border-radius: 0.6rem }
button { background: #0a6b4c; border: 0; color: #fff; font-weight: 600; cursor: pointer }</style>
${body}
</html>`
}

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
