import type { AttributeValue } from '../codec/attribute-values.ts'
import { attributes } from '../codec/codec.ts'

/** Collects the names and values of an expression: each of them has a placeholder. */
export class ExpressionBuilder {
  readonly #names = new Map<string, string>()
  readonly #values: AttributeValue[] = []

  name(part: string): string {
    let placeholder = this.#names.get(part)
    if (placeholder === undefined) this.#names.set(part, (placeholder = `#n${this.#names.size}`))
    return placeholder
  }

  /** The path of a field within the stored document. */
  path(parts: readonly string[]): string {
    return [attributes.document, ...parts].map((part) => this.name(part)).join('.')
  }

  value(value: AttributeValue): string {
    this.#values.push(value)
    return `:v${this.#values.length - 1}`
  }

  /** The members of a request that belong to its expressions; absent where there is nothing to say. */
  get members(): object {
    const names = Object.fromEntries([...this.#names].map(([part, placeholder]) => [placeholder, part]))
    const values = Object.fromEntries(this.#values.map((value, index) => [`:v${index}`, value]))
    return {
      ...(this.#names.size > 0 && { ExpressionAttributeNames: names }),
      ...(this.#values.length > 0 && { ExpressionAttributeValues: values }),
    }
  }
}

/** A condition, written when the request is. */
export type Condition = (builder: ExpressionBuilder) => string
