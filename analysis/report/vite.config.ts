// SPDX-License-Identifier: Apache-2.0
import {defineConfig} from 'vite';
import {viteSingleFile} from 'vite-plugin-singlefile';

// One HTML file with everything inside: reports are opened from disk, without a network.
export default defineConfig({
  plugins: [viteSingleFile({removeViteModuleLoader: true})],
  build: {target: 'es2022', chunkSizeWarningLimit: 2000, emptyOutDir: true},
});
