import { type BenchGraph, fileBeside } from '../graph.ts';
import { PRODUCTS, type Product, REVIEWS, type Review, USERS } from './data.ts';

const file = (name: string) => fileBeside(import.meta.url, name);
const user = ({ id }: { id: string }) => USERS.find((one) => one.id === id) ?? null;
const product = ({ upc }: { upc: string }) => PRODUCTS.find((one) => one.upc === upc) ?? null;

/** Free above 1,000; else half a coin for each unit of weight. */
const shipping = ({ price, weight }: Partial<Product>) => {
  if (price === undefined || weight === undefined) return null;
  return price > 1000 ? 0 : Math.floor(weight / 2);
};

/** The four subgraphs of the public benchmark of GraphQL gateways, and its question: users, their reviews, the products, their reviews, the authors, and back. */
export const benchmark: BenchGraph = {
  name: 'benchmark',
  query: file('query.graphql'),
  variables: () => ({}),
  different: 1,
  subgraphs: {
    accounts: {
      sdl: file('accounts.graphql'),
      entities: { User: user },
      fields: { 'Query.me': () => USERS[0], 'Query.user': (_: never, args: { id: string }) => user(args), 'Query.users': () => USERS },
    },
    inventory: {
      sdl: file('inventory.graphql'),
      entities: { Product: (asked: Partial<Product> & { upc: string }) => ({ ...asked, inStock: product(asked)?.inStock }) },
      fields: { 'Product.shippingEstimate': shipping },
    },
    products: {
      sdl: file('products.graphql'),
      entities: { Product: product },
      fields: { 'Query.topProducts': (_: never, { first }: { first: number | null }) => PRODUCTS.slice(0, first ?? 5) },
    },
    reviews: {
      sdl: file('reviews.graphql'),
      entities: {
        Review: ({ id }: Review) => REVIEWS.find((one) => one.id === id) ?? null,
        User: ({ id }: { id: string }) => ({ id }),
        Product: ({ upc }: { upc: string }) => ({ upc }),
      },
      fields: {
        'Review.product': ({ upc }: Review) => ({ upc }),
        'Review.author': () => ({ id: USERS[0]!.id, username: USERS[0]!.username }),
        'User.reviews': () => REVIEWS.slice(0, 2),
        'Product.reviews': ({ upc }: Product) => REVIEWS.filter((one) => one.upc === upc),
      },
    },
  },
};
