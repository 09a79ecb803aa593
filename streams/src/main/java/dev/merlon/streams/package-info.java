/**
 * Back-pressured graphs of training and certification, as factories that never run what they build.
 * It may import {@code model}, {@code proto} and {@code config}, and knows no actor protocol.
 */
@NullMarked
package dev.merlon.streams;

import org.jspecify.annotations.NullMarked;
