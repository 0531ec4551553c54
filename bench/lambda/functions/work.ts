/** What all functions do, whatever carries the event to them. */
export interface Product {
  readonly name: string
  readonly price: number
}

export const find = (id: string): Product & { readonly id: string } => ({ id, name: 'lamp', price: 1999 })

export const create = ({ name, price }: Product): object => ({ id: '43', name, price })

export async function place({ order }: { readonly order: number }): Promise<void> {
  if (typeof order !== 'number') throw new Error('no order')
}
