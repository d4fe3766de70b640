import { isObject } from '../is-object.ts'
import type { World } from '../world.ts'
import type { Api } from './api.ts'
import { families } from './family.ts'
import { refused } from './judgements.ts'
import { answer, ok, unreadable } from './reply.ts'
import type { Reply } from './reply.ts'

/** A SIM card in a thing. It is made when first named, in the group that named it. */
type Sim = { msisdn: string; vpnGroup: string; assetName: string; status: 'Active' | 'Suspended'; activatedOn: string }
type Message = { id: string; msisdn: string; message: string; sentAt: string; status: 'SENT' }
type Asked = Record<string, unknown>

const sims = (world: World) => world.memory.collection<Sim>('iot-sims')
const messages = (world: World) => world.memory.recent<Message>('iot-messages')

/** What Safaricom documents of this API is its operations, what they take, and how they fail; the bodies are a guess. */
const operations = new Map(
  Object.entries<(world: World, asked: Asked, url: URL) => Reply>({
    allsims(world, { vpnGroup, startAtInde, pageSize }) {
      const groups = [vpnGroup].flat().map(String)
      const found = [...sims(world).values()].filter((sim) => groups.includes(sim.vpnGroup))
      // So spelt.
      const start = Number(startAtInde ?? 0)
      return list(world, found.slice(start, start + Number(pageSize ?? 100)))
    },
    queryLifeCycleStatus: (world, asked) => withSim(world, asked, ({ msisdn, status }) => ({ msisdn, status })),
    querycustomerinfo: (world, asked) => withSim(world, asked, (sim) => sim),
    simactivation: (world, asked) => withSim(world, asked, (sim) => Object.assign(sim, { status: 'Active' })),
    getactivationtrends(world, { vpnGroup, startDate, stopDate }) {
      const found = [...sims(world).values()].filter(
        (sim) =>
          sim.vpnGroup === vpnGroup && sim.activatedOn >= String(startDate) && sim.activatedOn <= String(stopDate),
      )
      const days = Map.groupBy(found, ({ activatedOn }) => activatedOn)
      return list(
        world,
        [...days].map(([date, activated]) => ({ date, count: activated.length })),
      )
    },
    renameasset: (world, asked) =>
      withSim(world, asked, (sim) => Object.assign(sim, { assetName: String(asked.assetName) })),
    suspend_unsuspend_sub(world, asked) {
      const status = asked.operation === 'suspend' ? 'Suspended' : 'Active'
      return withSim(world, asked, (sim) => Object.assign(sim, { status }))
    },
    sendsinglemessage(world, asked) {
      const { message } = asked
      return withSim(world, asked, ({ msisdn }) => {
        const id = world.ids.uuid()
        const sent: Message = {
          id,
          msisdn,
          message: String(message),
          sentAt: world.clock.now().toISOString(),
          status: 'SENT',
        }
        messages(world).set(id, sent)
        return sent
      })
    },
    getallmessages: (world) => list(world, [...messages(world).values()]),
    searchmessages(world, { searchValue }, url) {
      const size = Number(url.searchParams.get('pageSize') ?? 100)
      const start = Math.max(0, Number(url.searchParams.get('pageNo') ?? 1) - 1) * size
      const found = [...messages(world).values()].filter(({ message, msisdn }) =>
        `${msisdn} ${message}`.includes(String(searchValue)),
      )
      return list(world, found.slice(start, start + size))
    },
    filtermessages(world, { startDate, endDate, status }) {
      if (typeof startDate !== 'string' || typeof endDate !== 'string') {
        return failure(world, 500, 'Failed to execute the ExtractVariables: EV-FilterMessages')
      }
      const found = [...messages(world).values()].filter(
        (message) =>
          message.sentAt.slice(0, 10) >= startDate &&
          message.sentAt.slice(0, 10) <= endDate &&
          (status === undefined || message.status === status),
      )
      return list(world, found)
    },
    deletemessage: (world, { id }) => (messages(world).delete(String(id)) ? success(world, {}) : nothing(world)),
    deleteMessageThread(world, { msisdn }) {
      const found = [...messages(world).values()].filter((message) => message.msisdn === String(msisdn))
      found.forEach(({ id }) => messages(world).delete(id))
      return found.length > 0 ? success(world, {}) : nothing(world)
    },
    getlocationinfo: (world, asked) =>
      withSim(world, asked, ({ msisdn }) => ({ msisdn, latitude: '-1.286389', longitude: '36.817223' })),
  }),
)

/** IoT: the SIM portal, every operation. */
export const simportal: Api[] = [...operations].map(([name, operation]) => ({
  name: 'simportal',
  method: 'POST',
  path: `/simportal/v1/${name}`,
  family: families.commercial,
  answer(world, { body, url }) {
    const asked = body ?? {}
    if (!isObject(asked)) return unreadable()
    // The user name `wrong` stands for one without the role.
    return asked.username === 'wrong'
      ? failure(world, 401, 'User not permitted to carry out operation')
      : operation(world, asked, url)
  },
}))

function withSim(world: World, { msisdn, vpnGroup = '' }: Asked, use: (sim: Sim) => object): Reply {
  if (typeof msisdn !== 'string' || typeof vpnGroup !== 'string') return failure(world, 200, 'Operation Failed')
  const found = sims(world).get(msisdn)
  if (found !== undefined && found.vpnGroup !== vpnGroup) {
    return failure(world, 400, 'Bad Request - Kindly use your own vpnGroup')
  }
  const activatedOn = world.clock.now().toISOString().slice(0, 10)
  const sim: Sim = found ?? { msisdn, vpnGroup, assetName: '', status: 'Active', activatedOn }
  sims(world).set(msisdn, sim)
  return success(world, use(sim))
}

const header = (world: World, responseCode: number, responseMessage: string) => ({
  requestRefId: world.ids.uuid(),
  responseCode,
  responseMessage,
})

const success = (world: World, body: unknown): Reply => ok({ header: header(world, 200, 'Success'), body })
const failure = (world: World, status: number, message: string): Reply =>
  answer(status, { header: header(world, status, message), body: null }, refused('iot'))

const list = (world: World, found: unknown[]): Reply => (found.length > 0 ? success(world, found) : nothing(world))

/** Said with status 200, and 404 inside. */
const nothing = (world: World): Reply => ok({ header: header(world, 404, 'No records were found'), body: null })
