declare module 'virtual:questions' {
  const questions: readonly import('./question.ts').Question[];
  export default questions;
}
declare module '*.css';
