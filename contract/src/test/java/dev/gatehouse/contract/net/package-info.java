@NullMarked
package dev.gatehouse.contract.net;

import org.jspecify.annotations.NullMarked;
