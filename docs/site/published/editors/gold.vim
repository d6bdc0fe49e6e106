" Colours for .gold files: a header, paragraphs, and under each a line for every fact. Put it into ~/.vim/syntax/, and
"   autocmd BufNewFile,BufRead *.gold setfiletype gold
" into ~/.vimrc.
if exists("b:current_syntax")
  finish
endif

syntax match goldWrong /^\s*\S.*$/
syntax match goldEntity /^\s*[A-Z][A-Z0-9_]*\(\.[a-z]\+\)*?\?\ze\(\s\|$\)/ nextgroup=goldWords
syntax match goldDate /^\s*\(DATE\|TIME\|DURATION\|SET\)?\?\ze\(\s\|$\)/ nextgroup=goldWords
syntax match goldQuote /^\s*QUOTE?\?\ze\(\s\|$\)/ nextgroup=goldWords
syntax match goldComment /^\s*#.*$/
syntax match goldText /^>.*$/
syntax match goldWithheld /^>\~ \d\{1,9} \x\{16}\s*$/
syntax match goldSeparator /^+++\s*$/
syntax region goldHeader start=/\%^\ze\s*\(#\|\[\|[A-Za-z0-9_-]\+\s*=\)/ end=/^\ze+++\s*$/ contains=goldComment,goldKey,goldString

syntax match goldKey /^\s*[A-Za-z0-9_-]\+\ze\s*=/ contained
syntax region goldString start=/"/ skip=/\\./ end=/"/ oneline contained
syntax match goldWords /.*$/ contained contains=goldValue,goldField,goldAnchor,goldId,goldEscape
syntax match goldValue /|\s*\([^\\|]\|\\.\)*/ contained contains=goldEscape
syntax match goldField /|\s*[a-z]\+:\ze\(\s\|$\)/ contained
syntax match goldId /\s\zs@[A-Za-z0-9_-]\{1,40}\ze\(\s\|$\)/ contained
syntax match goldAnchor /<\(+\|\.\.\.\|#\d\{1,6}\|\d\{1,9}:\d\{1,9}\)>/ contained
syntax match goldEscape /\\[\\<|=@-]/ contained

highlight default link goldComment Comment
highlight default link goldText Normal
highlight default link goldWithheld Special
highlight default link goldSeparator PreProc
highlight default link goldKey Identifier
highlight default link goldString String
highlight default link goldEntity Type
highlight default link goldDate Constant
highlight default link goldQuote Statement
highlight default link goldField Identifier
highlight default link goldValue Number
highlight default link goldId Special
highlight default link goldAnchor Operator
highlight default link goldEscape SpecialChar
highlight default link goldWrong Error

let b:current_syntax = "gold"
