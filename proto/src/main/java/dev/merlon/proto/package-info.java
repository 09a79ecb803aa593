/**
 * Wire and file formats, and the canonical bytes that digests are taken of. It imports no other
 * module.
 */
@NullMarked
package dev.merlon.proto;

import org.jspecify.annotations.NullMarked;
