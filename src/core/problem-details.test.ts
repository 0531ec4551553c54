import { describe, expect, it } from 'vitest'
import { DomainError, NotFoundError, TimeoutError, ValidationError } from './errors.ts'
import { toProblemDetails, toProblemResponse } from './problem-details.ts'

class OutOfStock extends DomainError {
  readonly code = 'OUT_OF_STOCK'
}

describe('toProblemDetails', () => {
  it('shows the message, hint and details of what is the caller’s to mend', () => {
    const error = new NotFoundError('no product has this id', {
      hint: 'List the products.',
      details: { kind: 'product' },
    })
    expect(toProblemDetails(error, { instance: 'r1' })).toEqual({
      type: 'urn:lexigram:LEX_ERR_DOM_002',
      title: 'Not Found',
      status: 404,
      code: 'LEX_ERR_DOM_002',
      detail: 'no product has this id',
      hint: 'List the products.',
      kind: 'product',
      instance: 'r1',
    })
  })

  it('lists validation issues with their paths', () => {
    const error = new ValidationError('bad body', [{ path: ['items', 0, 'name'], message: 'is required' }])
    expect(toProblemDetails(error)).toMatchObject({
      status: 422,
      issues: [{ path: ['items', 0, 'name'], message: 'is required' }],
    })
  })

  it('takes the status of a code from the registry before the error’s own', () => {
    const error = new OutOfStock('none left')
    expect(toProblemDetails(error).status).toBe(400)
    expect(toProblemDetails(error, { statuses: { OUT_OF_STOCK: 409 } }).status).toBe(409)
  })

  it('says nothing but title and code from 500 on', () => {
    const error = new TimeoutError('db.internal:5432 did not answer', { hint: 'look at db.internal' })
    expect(toProblemDetails(error)).toEqual({
      type: 'urn:lexigram:LEX_ERR_INFRA_002',
      title: 'Gateway Timeout',
      status: 504,
      code: 'LEX_ERR_INFRA_002',
    })
  })

  it('says nothing at all of errors that are not ours, coded or not', () => {
    const foreign = Object.assign(new Error('password=hunter2'), { code: 'ECONNREFUSED', status: 400 })
    for (const error of [new Error('secret'), foreign, undefined, 42, null]) {
      const problem = toProblemDetails(error)
      expect(problem.status).toBe(500)
      expect(JSON.stringify(problem)).not.toMatch(/secret|hunter2/)
    }
  })

  it('takes a plain string or a coded value as an expected failure', () => {
    expect(toProblemDetails('out of stock')).toMatchObject({ status: 400, detail: 'out of stock' })
    expect(toProblemDetails({ code: 'SOLD_OUT', status: 409, message: 'gone' })).toMatchObject({
      status: 409,
      detail: 'gone',
    })
    expect(toProblemDetails({ code: 'SOLD_OUT', status: 'nonsense' }).status).toBe(400)
  })

  it('does not let details overwrite what the problem says of itself', () => {
    const error = new NotFoundError('gone', { details: { status: 200, type: 'lie' } })
    expect(toProblemDetails(error)).toMatchObject({ status: 404, type: 'urn:lexigram:LEX_ERR_DOM_002' })
  })
})

describe('toProblemResponse', () => {
  it('has the media type of RFC 9457', async () => {
    const response = toProblemResponse(new NotFoundError('gone'))
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 404, detail: 'gone' })
  })
})

describe('a problem response', () => {
  it('is one although the details are no JSON', async () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    for (const details of [{ id: 10n }, cyclic]) {
      const response = toProblemResponse(new NotFoundError('no product has this id', { details }))
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ status: 404, code: 'LEX_ERR_DOM_002' })
    }
  })

  it('has the status of an error, whatever the registry says', () => {
    expect(toProblemDetails(new OutOfStock('none left'), { statuses: { OUT_OF_STOCK: 200 } }).status).toBe(400)
    expect(toProblemDetails(new OutOfStock('none left'), { statuses: { OUT_OF_STOCK: Number.NaN } }).status).toBe(400)
    expect(toProblemDetails({ code: 'constructor' }, { statuses: {} }).status).toBe(400)
  })
})
