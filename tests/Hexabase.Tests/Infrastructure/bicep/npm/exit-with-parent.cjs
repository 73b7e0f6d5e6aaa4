require('../../../../../local/npm/exit-with-parent.cjs');
