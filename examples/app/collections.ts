import { defineCollection } from 'lexigram-edge/nosql'

// What `lexigram-edge dynamodb tables` reads, and what the repositories are named by.

/** Where `LEX_CATALOG__STORE` is `documents`. */
export const products = defineCollection('products')
export const reviews = defineCollection('reviews')
export const profiles = defineCollection('profiles')

/** In the store of analytics. */
export const views = defineCollection('views')
