import { countOf, type Accumulator, type AccumulatorPlan, type Count, type ParseAccumulator } from '../accumulator.ts'
import type { Result } from '../expression/scope.ts'
import { isObject } from '../expression/kinds.ts'
import { ListGrowthCharge, sortSteps, type Meter } from '../../query/meter.ts'
import { BottomN, type Ranked } from './bottom-n.ts'
import { parseSortOrder, type SortOrder } from '../sort-order.ts'
import type { StageContext } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'

/** The outputs at one end of an order of the documents that they come from; equal documents are in the order met. */
class TopN implements Accumulator<Ranked> {
  readonly #n: number
  readonly #order: SortOrder
  readonly #end: 'top' | 'bottom'
  readonly #meter: Meter
  readonly #paid: ListGrowthCharge
  #kept: Ranked[] = []

  constructor(n: number, meter: Meter, { order, end }: { readonly order: SortOrder; readonly end: 'top' | 'bottom' }) {
    this.#n = n
    this.#meter = meter
    this.#paid = new ListGrowthCharge(meter)
    this.#order = order
    this.#end = end
  }

  add(ranked: Ranked): void {
    this.#paid.grow(this.#kept.push(ranked), ranked.output)
    if (this.#kept.length >= 2 * this.#n + 64) this.#kept = this.#best()
  }

  result(): Result {
    return this.#best().map(({ output }) => output ?? null)
  }

  #best(): Ranked[] {
    this.#meter.work(sortSteps(this.#kept.length) * 3 * this.#order.keys.length)
    const sorted = this.#kept.toSorted((a, b) => this.#order.compareKeys(a.key, b.key, this.#meter))
    return this.#end === 'top' ? sorted.slice(0, this.#n) : sorted.slice(-this.#n)
  }
}

function ranked(end: 'top' | 'bottom'): ParseAccumulator {
  return (argument, context, name) => {
    const fields = stageFields(argument, name, { required: ['n', 'sortBy', 'output'] })
    return plan({ fields, context, name, end, count: countOf(context.expression(fields['n']), name) })
  }
}

interface Parts {
  readonly fields: Readonly<Record<string, unknown>>
  readonly context: StageContext
  readonly name: string
  readonly end: 'top' | 'bottom'
  readonly count: Count
}

type RankedPlan = AccumulatorPlan<Ranked> & Required<Pick<AccumulatorPlan<Ranked>, 'createForFrame'>>

function plan({ fields, context, name, end, count }: Parts): RankedPlan {
  const order = parseSortOrder(fields['sortBy'], `sortBy of ${name}`)
  const output = context.expression(fields['output'])
  return {
    input: (scope) => ({
      key: order.keyOf(isObject(scope.root) ? scope.root : {}, scope.meter),
      output: output(scope),
    }),
    create: (scope, meter) =>
      end === 'top' ? new TopN(count(scope), meter, { order, end }) : new BottomN(count(scope), meter, order),
    createForFrame: (scope, meter) => new TopN(count(scope), meter, { order, end }),
    perGroup: count.perGroup === true,
  }
}

function single(end: 'top' | 'bottom'): ParseAccumulator {
  return (argument, context, name) => {
    const fields = stageFields(argument, name, { required: ['sortBy', 'output'] })
    const many = plan({ fields, context, name, end, count: () => 1 })
    return {
      input: many.input,
      create: (scope, meter) => new OnlyOne(many.create(scope, meter)),
      createForFrame: (scope, meter) => new OnlyOne(many.createForFrame(scope, meter)),
    }
  }
}

/** The one element of another accumulator's list. */
class OnlyOne implements Accumulator<Ranked> {
  readonly #many: Accumulator<Ranked>

  constructor(many: Accumulator<Ranked>) {
    this.#many = many
  }

  add(input: Ranked): void {
    this.#many.add(input)
  }

  result(): Result {
    const list = this.#many.result()
    return Array.isArray(list) ? (list[0] ?? null) : null
  }
}

export const topN = ranked('top')
export const bottomN = ranked('bottom')
export const top = single('top')
export const bottom = single('bottom')
