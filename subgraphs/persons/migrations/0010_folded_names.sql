-- Surnames are compared without letters that few keyboards have, as they are without accents; see person/names.ts.
update person set surname_key = translate(replace(replace(replace(replace(surname_key, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'øɔłđðɖɗħıŋɓƙƴɛƒ', 'oolddddhinbkyef')
where surname_key ~ '[ßæœþøɔłđðɖɗħıŋɓƙƴɛƒ]';
