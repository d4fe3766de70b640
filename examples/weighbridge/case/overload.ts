/** What the law allows, in the words of [limits.json](limits.json). */
export type Limits = {
  group_kg: Record<string, number>
  vehicles: Record<string, { name: string; groups: string[]; gross_kg: number }>
  group_tolerance_percent: number
  gross_tolerance_percent: number
  /** What is due from so many kilograms on, from the least to the most. */
  fees: { from_kg: number; shillings: number }[]
}

/** One limit that was looked at. */
export type Measured = { what: string; kg: number; limit_kg: number; over_kg: number }

export type Judgement = { measured: Measured[]; over_kg: number; fee_shillings: number }

/**
 * Holds a weight against the law: the gross, and each group of axles where the decks of the scale tell them apart. What is over is
 * counted from the limit, without the tolerance, as soon as the tolerance is exceeded. The fee is that of the worst.
 * @throws where the limits know no such vehicle
 */
export function judge(limits: Limits, vehicle: string, weight: { kg: number; decksKg: number[] }): Judgement {
  const allowed = limits.vehicles[vehicle]
  if (!allowed) throw new Error(`The limits know no vehicle ${vehicle}.`)
  const decks = weight.decksKg.filter((kg) => kg > 0)
  const groups = decks.length === allowed.groups.length ? allowed.groups : []
  const measured = [
    ...groups.map((group, index) =>
      measure(`${group} ${index + 1}`, {
        kg: decks[index]!,
        limit_kg: limits.group_kg[group]!,
        tolerance: limits.group_tolerance_percent,
      }),
    ),
    measure('gross', { kg: weight.kg, limit_kg: allowed.gross_kg, tolerance: limits.gross_tolerance_percent }),
  ]
  const over_kg = Math.max(...measured.map((one) => one.over_kg))
  const fee = limits.fees.findLast(({ from_kg }) => from_kg <= over_kg)
  return { measured, over_kg, fee_shillings: fee?.shillings ?? 0 }
}

type Limit = { kg: number; limit_kg: number; tolerance: number }

function measure(what: string, { kg, limit_kg, tolerance }: Limit): Measured {
  const isOver = kg > limit_kg * (1 + tolerance / 100)
  return { what, kg, limit_kg, over_kg: isOver ? Math.ceil(kg - limit_kg) : 0 }
}
