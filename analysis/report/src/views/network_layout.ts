// SPDX-License-Identifier: Apache-2.0
import type {NetworkTable} from '../data/payload';

/** Where routers and neurocores are drawn, in pixels. */
export interface Layout {
  width: number;
  height: number;
  tile: number;
  router: (router: number) => [x: number, y: number];
  core: (core: number) => [x: number, y: number, size: number];
  routerOfCore: number[];
}

/** A drawing of at most `width` x `mostHeight`, each router's neurocores beside it. */
export function layoutOf(network: NetworkTable, width: number, mostHeight: number): Layout {
  const {routers} = network;
  const columns = Math.max(...routers.map(([x]) => x)) + 1;
  const rows = Math.max(...routers.map(([, y]) => y)) + 1;
  const margin = 20; // for links that bend around
  const tile = Math.max(7, Math.min(width / columns, mostHeight / rows, 130));
  // Trees are wide and low; their levels stand further apart.
  const pitch = rows * 4 < columns + 1 ? Math.min(2.4 * tile, mostHeight / rows) : tile;
  const left = (width - tile * columns) / 2;
  const routerOfCore: number[] = [];
  const firstCore: number[] = [];
  routers.forEach(([, , cores], i) => {
    firstCore.push(routerOfCore.length);
    for (let core = 0; core < cores; ++core) routerOfCore.push(i);
  });
  const centre = (router: number): [number, number] => {
    const [x, y] = routers[router];
    return [left + (x + 0.5) * tile, margin + (y + 0.5) * pitch];
  };
  const core = (index: number): [number, number, number] => {
    const router = routerOfCore[index];
    const cores = routers[router][2];
    const side = Math.ceil(Math.sqrt(cores));
    const room = tile * 0.5;
    const size = room / side;
    const at = index - firstCore[router];
    const [x, y] = centre(router);
    return [x - room / 2 + (at % side) * size, y - room / 2 + Math.floor(at / side) * size, size * 0.88];
  };
  return {width, height: rows * pitch + 2 * margin, tile, router: centre, core, routerOfCore};
}
