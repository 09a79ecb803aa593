/**
 * Networks as immutable graphs of operations, written once and interpreted many times: shapes,
 * parameters, presets, the concrete and the cost interpretation. Imports tensors; knows nothing of
 * bounds, attacks or files.
 */
@NullMarked
package dev.merlon.model.network;

import org.jspecify.annotations.NullMarked;
