import { readFileSync, readdirSync } from 'node:fs'

/** CPU time in seconds, and resident memory in MB, of a process and of all that it has started. Linux tells; elsewhere it is not known. */
export type Cost = { cpuSeconds: number; memoryMb: number }

const ticksPerSecond = 100

/** What so many operations cost each of these processes while something ran, in microseconds of CPU for each operation. */
export async function spend<Result>(
  pids: number[],
  operations: number,
  run: () => Promise<Result>,
): Promise<{ result: Result; us: number[] }> {
  const before = pids.map(cpuSeconds)
  const result = await run()
  const us = pids.map((pid, index) => ((cpuSeconds(pid) - before[index]!) / operations) * 1e6)
  return { result, us }
}

/** The children of this process are counted apart. */
function cpuSeconds(pid: number): number {
  if (pid !== process.pid) return costOf(pid).cpuSeconds
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

type Process = { pid: number; parent: number; ticks: number; ended: number }

/** What a process and its children have used so far, those among them that have ended included. */
export function costOf(pid: number): Cost {
  const all = listProcesses()
  const family = [pid]
  for (const parent of family) family.push(...all.filter((one) => one.parent === parent).map((one) => one.pid))
  const members = all.filter((one) => family.includes(one.pid))
  const ticks = members.reduce((sum, one) => sum + one.ticks + one.ended, 0)
  return { cpuSeconds: ticks / ticksPerSecond, memoryMb: memoryOf(pid) }
}

/** The process that started another. */
export function parentOf(pid: number): number {
  return listProcesses().find((one) => one.pid === pid)?.parent ?? 0
}

function listProcesses(): Process[] {
  return read(() => readdirSync('/proc'), []).flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    // The name of a program, in parentheses, may hold anything.
    const stat = read(() => readFileSync(`/proc/${name}/stat`, 'utf8'), '')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [, parent, ...rest] = fields
    const [user, system, endedUser, endedSystem] = rest.slice(9, 13).map(Number)
    if (endedSystem === undefined) return []
    return [{ pid: Number(name), parent: Number(parent), ticks: user! + system!, ended: endedUser! + endedSystem }]
  })
}

function memoryOf(pid: number): number {
  const [, kb = '0'] = /VmRSS:\s+(\d+)/.exec(read(() => readFileSync(`/proc/${pid}/status`, 'utf8'), '')) ?? []
  return Number(kb) / 1024
}

function read<Found>(look: () => Found, otherwise: Found): Found {
  try {
    return look()
  } catch {
    return otherwise
  }
}
