;; Finds the brackets of a JSON text that stand outside its strings, 64 bytes at a time: a bit for each byte says what it
;; is. `npm run generate` makes generated/find-brackets.ts of this; find-brackets.ts is its one user.
(module
  ;; Text comes in at 0, at most 16,384 bytes, with zeros up to a multiple of 64. Places go out from 16,384 on.
  (memory (export "memory") 1)
  ;; All ones inside a string, else zero.
  (global $inString (mut i64) (i64.const 0))
  ;; One when the next byte is escaped.
  (global $escaped (mut i64) (i64.const 0))

  ;; Begins a text, or goes on in one: whether its first byte is inside a string, and whether a backslash escapes it.
  (func (export "begin") (param $inString i32) (param $escaped i32)
    (global.set $inString (i64.sub (i64.const 0) (i64.extend_i32_u (local.get $inString))))
    (global.set $escaped (i64.extend_i32_u (local.get $escaped))))

  ;; Writes the place of each bracket in the next bytes, two bytes each, and returns how many there are; -1 when a
  ;; backslash stands outside strings, which is no JSON.
  (func (export "find") (param $length i32) (result i32)
    (local $at i32) (local $out i32) (local $strings i64) (local $backslashes i64) (local $brackets i64)
    (local.set $out (i32.const 16384))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $backslashes (call $equal (local.get $at) (v128.const i64x2 0x5c5c5c5c5c5c5c5c 0x5c5c5c5c5c5c5c5c)))
        (local.set $strings
          (call $between
            (i64.and
              (call $equal (local.get $at) (v128.const i64x2 0x2222222222222222 0x2222222222222222))
              (i64.xor (call $escapedBy (local.get $backslashes)) (i64.const -1)))))
        (if (i64.ne (i64.and (local.get $backslashes) (i64.xor (local.get $strings) (i64.const -1))) (i64.const 0))
          (then (return (i32.const -1))))
        (local.set $brackets
          (i64.and (call $brackets (local.get $at)) (i64.xor (local.get $strings) (i64.const -1))))
        (block $none
          (loop $bracket
            (br_if $none (i64.eqz (local.get $brackets)))
            (i32.store16 (local.get $out)
              (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $brackets)))))
            (local.set $out (i32.add (local.get $out) (i32.const 2)))
            (local.set $brackets (call $withoutFirst (local.get $brackets)))
            (br $bracket)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $out) (i32.const 16384)) (i32.const 1)))

  ;; Which of 64 bytes are this one.
  (func $equal (param $at i32) (param $byte v128) (result i64)
    (call $join
      (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $byte)))
      (i8x16.bitmask (i8x16.eq (v128.load offset=16 (local.get $at)) (local.get $byte)))
      (i8x16.bitmask (i8x16.eq (v128.load offset=32 (local.get $at)) (local.get $byte)))
      (i8x16.bitmask (i8x16.eq (v128.load offset=48 (local.get $at)) (local.get $byte)))))

  ;; Which of 64 bytes are brackets.
  (func $brackets (param $at i32) (result i64)
    (call $join
      (i8x16.bitmask (call $areBrackets (v128.load (local.get $at))))
      (i8x16.bitmask (call $areBrackets (v128.load offset=16 (local.get $at))))
      (i8x16.bitmask (call $areBrackets (v128.load offset=32 (local.get $at))))
      (i8x16.bitmask (call $areBrackets (v128.load offset=48 (local.get $at))))))

  ;; With the bit 0x20 a square bracket is a brace.
  (func $areBrackets (param $bytes v128) (result v128)
    (local $braces v128)
    (local.set $braces (v128.or (local.get $bytes) (v128.const i64x2 0x2020202020202020 0x2020202020202020)))
    (v128.or
      (i8x16.eq (local.get $braces) (v128.const i64x2 0x7b7b7b7b7b7b7b7b 0x7b7b7b7b7b7b7b7b))
      (i8x16.eq (local.get $braces) (v128.const i64x2 0x7d7d7d7d7d7d7d7d 0x7d7d7d7d7d7d7d7d))))

  (func $join (param $a i32) (param $b i32) (param $c i32) (param $d i32) (result i64)
    (i64.or
      (i64.extend_i32_u (i32.or (local.get $a) (i32.shl (local.get $b) (i32.const 16))))
      (i64.shl (i64.extend_i32_u (i32.or (local.get $c) (i32.shl (local.get $d) (i32.const 16)))) (i64.const 32))))

  ;; Which bytes are escaped: those behind a backslash that is not escaped itself.
  (func $escapedBy (param $backslashes i64) (result i64)
    (local $left i64) (local $found i64) (local $next i64)
    (local.set $found (global.get $escaped))
    (local.set $left (i64.and (local.get $backslashes) (i64.xor (local.get $found) (i64.const -1))))
    (global.set $escaped (i64.const 0))
    (block $none
      (loop $backslash
        (br_if $none (i64.eqz (local.get $left)))
        (local.set $next (i64.and (local.get $left) (i64.sub (i64.const 0) (local.get $left))))
        (global.set $escaped (i64.shr_u (local.get $next) (i64.const 63)))
        (local.set $next (i64.shl (local.get $next) (i64.const 1)))
        (local.set $found (i64.or (local.get $found) (local.get $next)))
        (local.set $left
          (i64.and (call $withoutFirst (local.get $left)) (i64.xor (local.get $next) (i64.const -1))))
        (br $backslash)))
    (local.get $found))

  ;; Which bytes are in strings, from an opening quote to before the closing one: the parity of the quotes up to each.
  (func $between (param $quotes i64) (result i64)
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 1))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 2))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 4))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 8))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 16))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 32))))
    (local.set $quotes (i64.xor (local.get $quotes) (global.get $inString)))
    (global.set $inString (i64.shr_s (local.get $quotes) (i64.const 63)))
    (local.get $quotes))

  (func $withoutFirst (param $bits i64) (result i64)
    (i64.and (local.get $bits) (i64.sub (local.get $bits) (i64.const 1)))))
