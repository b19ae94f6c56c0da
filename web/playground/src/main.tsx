import { createRoot } from 'react-dom/client';
import { Playground } from './playground.tsx';
import 'graphiql/graphiql.css';
import './style.css';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element to stand in.');
createRoot(root).render(<Playground />);
