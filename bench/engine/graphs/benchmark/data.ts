/** What the subgraphs of the benchmark hold: as much as those of the public benchmark, and of the same shape, so that the answer is as long. */

/** A user. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
}

/** A product. */
export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
}

/** A review of a product; all are by the first user. */
export interface Review {
  readonly id: string;
  readonly body: string;
  readonly upc: string;
}

/** Six users, each of whom has the first two reviews. */
export const USERS: readonly User[] = [
  'Amina Otieno',
  'Baraka Mwangi',
  'Chebet Kiprono',
  'Daudi Achieng',
  'Esther Wanjiru',
  'Faraj Hassan',
].map((name, n) => ({ id: String(n + 1), name, username: name.toLowerCase().replace(' ', ''), birthday: 1_234_567_890 }));

/** Nine products, of which four have reviews. */
export const PRODUCTS: readonly Product[] = (
  [
    ['Table', 899, 100, true],
    ['Couch', 1299, 1000, false],
    ['Glass', 15, 20, false],
    ['Chair', 499, 100, false],
    ['TV', 1299, 1000, true],
    ['Lamp', 6999, 300, true],
    ['Grill', 3999, 2000, true],
    ['Fridge', 100_000, 6000, false],
    ['Sofa', 9999, 800, true],
  ] as const
).map(([name, price, weight, inStock], n) => ({ upc: String(n + 1), name, price, weight, inStock }));

const WORDS = 'It came on a rainy day, was heavier than I thought, and has stood where we put it ever since, to the delight of all. ';
const text = (length: number) => WORDS.repeat(Math.ceil(length / WORDS.length)).slice(0, length);

/** Eleven reviews, from a sentence to a page. */
export const REVIEWS: readonly Review[] = (
  [
    ['1', 445],
    ['1', 295],
    ['1', 275],
    ['1', 146],
    ['2', 445],
    ['2', 295],
    ['2', 275],
    ['2', 146],
    ['3', 146],
    ['4', 146],
    ['4', 856],
  ] as const
).map(([upc, length], n) => ({ id: String(n + 1), body: text(length), upc }));
