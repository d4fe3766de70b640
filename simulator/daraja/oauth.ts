import type { World } from '../world.ts'
import type { Api } from './api.ts'
import { refused } from './judgements.ts'
import { emptyRefusal, ok, refuse } from './reply.ts'
import type { Reply } from './reply.ts'
import { expireToken, mintToken } from './tokens.ts'

/**
 * `GET /oauth/v1/generate?grant_type=client_credentials`, with Basic consumerKey:consumerSecret. Any key and secret are
 * good but the word `wrong`, which stands for keys that Safaricom does not know.
 */
export const oauth: Api = {
  name: 'oauth',
  method: 'GET',
  path: '/oauth/v1/generate',
  family: null,
  answer(world, { url, headers, struck }) {
    const [, encoded] = /^Basic\s+(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
    if (encoded === undefined) return refuse(400, '400.008.01', 'Invalid Authentication passed', refused('basic'))
    if (url.searchParams.get('grant_type') !== 'client_credentials') {
      return refuse(400, '400.008.02', 'Invalid grant type passed', refused('grant'))
    }
    const [key = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':')
    if (key === '' || secret === '' || key === 'wrong' || secret === 'wrong') return refuseKeys(world)
    const token = mintToken(world, key)
    // Under this fault the token is dead on arrival, as when another client of the app mints one at the same time.
    if (struck.has('expire_token')) expireToken(world, token)
    return ok({ access_token: token, expires_in: world.settings.expires_in === 'number' ? 3599 : '3599' })
  },
}

function refuseKeys({ settings: { wrong_keys } }: World): Reply {
  switch (wrong_keys) {
    case 'empty':
      return emptyRefusal(400, refused('keys'))
    case '400.008.01':
      return refuse(400, '400.008.01', 'Invalid Authentication passed', refused('keys'))
    case '401.002.01':
      return refuse(
        401,
        '401.002.01',
        'Error Occurred - Invalid Access Token - Invalid Client Credentials',
        refused('keys'),
      )
  }
}
