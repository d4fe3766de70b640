import { test } from 'node:test'
import { tellManyEndpoints } from '../../testing/many-endpoints.ts'

test('twenty endpoints, of which four fail: the others hear everything once and in order, and the four catch up', async (t) => {
  t.diagnostic(JSON.stringify(await tellManyEndpoints(200)))
})
