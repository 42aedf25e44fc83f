import { describe } from 'vitest';
import route from '../../../commands/route.ts';
import { testShapes } from './shapes.ts';

describe('route puts a route where it gets its requests, and leaves the rest', () => {
  testShapes(route, new URL('./route-fixtures/', import.meta.url));
});
