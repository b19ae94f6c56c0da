/**
 * Given names, commonest first. The lists were put together for this generator; the order is a judgement, not a count.
 * `common` is used all over the country, `muslim` by the Muslim part of each region, and the regional lists at home.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Given names of one sex. */
export interface GivenNames {
  common: readonly string[];
  muslim: readonly string[];
  regional: Readonly<Record<NameRegion, readonly string[]>>;
}

/** Groups of counties between which names differ. */
export type NameRegion =
  | 'central'
  | 'upperEast'
  | 'lowerEast'
  | 'highRift'
  | 'west'
  | 'lake'
  | 'southWest'
  | 'coast'
  | 'northEast'
  | 'upperNorth'
  | 'northWest'
  | 'southRift';

/** Women's and girls' names. */
export const femaleNames: GivenNames = {
  common: words(`
    Mary Grace Jane Faith Mercy Elizabeth Esther Ann Margaret Lucy Sarah Rose Alice Joyce Catherine Agnes Ruth Florence Susan Eunice
    Caroline Janet Purity Lilian Beatrice Dorcas Christine Hannah Joan Rachel Josephine Nancy Jackline Rebecca Veronica Naomi Monica
    Judith Irene Teresia Pauline Damaris Millicent Gladys Winnie Sharon Brenda Vivian Tabitha Milka Salome Martha Edith Doris Emily
    Stella Gloria Cynthia Everlyne Maureen Linet Joy Peris Deborah Winfred Lydia Priscilla Hellen Eva Selina Phoebe Yvonne Diana
    Angela Regina Roseline Juliet Penina Leah Miriam Benta Zipporah Charity Abigail Lavender Harriet Patience Peninah Rhoda Consolata
    Immaculate Scholastica Jemimah Belinda Clara Loise Emma Rosemary Violet Olive Hope Blessing Precious Bridget Concepta Marion`),
  muslim: words(`
    Fatuma Halima Amina Zainab Mariam Khadija Asha Hawa Rukia Saadia Habiba Zeinab Sahara Maimuna Mwanaisha Rehema Salma Nuria Aisha
    Mwanajuma Hadija Zuhura Ubah Hodan Ifrah Farhia Shukri Safia Nasra Batula Sadia Muna Hafsa Sumaya Leila Rahma Umi Saumu Bahati
    Fardosa Kheira Mwanahamisi Biasha Ruqiya Halimo Dahabo Kaltuma Raha Zamzam Fauzia`),
  regional: {
    central: words(`Wanjiku Wambui Njeri Wanjiru Nyambura Wairimu Wangari Waithera Muthoni Wangui Nyokabi Wanja Mumbi Waceke Gathoni
      Wamaitha Njoki Wacera Nduta Wangeci Wanjira Nyawira Wakonyo Wambura Warigia`),
    upperEast: words(`Kanana Kendi Gakii Kawira Nkatha Mukami Kinya Karimi Gatwiri Makena Muthoni Mwendwa Kagendo Kathure Karambu
      Ciambaka Rigiri Wanja Muringo Kaari Gacheri Kanyua`),
    lowerEast: words(`Mwende Mwikali Ndinda Nduku Mutheu Wayua Syombua Kavata Mbithe Katunge Ndunge Kanini Munyiva Mumo Kalekye Nthenya
      Wanza Mueni Kamene Mbula Koki Syokau Katile Kasyoka`),
    highRift: words(`Chebet Chepkoech Jepkosgei Cherono Chelangat Jepchirchir Cheptoo Jerotich Chepngetich Jepkorir Jelagat Chemutai
      Jebet Chepkemoi Jeptoo Cherotich Jepkemboi Chepkirui Jemutai Cheruto Kimoi Chesang Tapkigen Chelimo Chepchumba`),
    west: words(`Nekesa Naliaka Nafula Nasimiyu Nanjala Khadenje Awinja Ayuma Nelima Mukhwana Khavere Vugutsa Kadenyi Mideva Kageha
      Minayo Ingasia Nabwire Nerima Nangila Musimbi Wabwile Khasoa Amoit Auma`),
    lake: words(`Achieng Atieno Akinyi Adhiambo Anyango Awuor Akoth Apiyo Auma Awino Aoko Adongo Amondi Achola Ajwang Akello Apondi
      Nyakio Anyuor Aluoch Akeyo Athieno Amolo Ogola`),
    southWest: words(`Kemunto Moraa Kerubo Nyaboke Bosibori Kwamboka Nyanchama Kemuma Gesare Mokeira Nyamoita Kerubi Bochaberi Nyaboe
      Nyakerario Moraka Osebe Robi Boke Gati Wegesa Mogoi Nyangara`),
    coast: words(`Kadzo Mwaka Sidi Kache Dama Umazi Mwanamkasi Kabibi Luvuno Jumwa Pendo Tatu Mapenzi Nyevu Dzame Mbodze Haluwa
      Mkanyika Wakio Mshai Mkamburi Mghoi Samba Hadia Amani`),
    northEast: words(`Habibo Deqa Hibo Ayan Hamdi Sagal Idil Fartun Ladan Hindia Qali Bishara Dahira Shamsa Kaha Fowzia Asli Habon
      Ebla Saynab`),
    upperNorth: words(`Qabale Tume Darmi Guyatu Godana Wato Diramu Chuluke Jillo Halake Elema Sori Bokayo Lokho Galgalo Adhi Safo
      Arbe Kabale Talaso`),
    northWest: words(`Akiru Nakiru Ekai Atabo Nawoi Lokwang Akai Ngimat Arupe Nangiro Apua Asekon Ewoi Adome Akal Nakuleu Aite Esekon
      Ikai Naperit`),
    southRift: words(`Naserian Nashipae Silantoi Sianoi Nasieku Namunyak Resiato Naisiae Nkoyo Seleina Tipape Noonkishu Simaloi
      Naneu Semeyian Nolari Nailantei Sempeyo Nadupoi Ntaiyia`),
  },
};

/** Men's and boys' names. */
export const maleNames: GivenNames = {
  common: words(`
    John Peter James Joseph David Samuel Daniel Stephen Paul Michael Francis George Charles Joshua Patrick Simon Moses Geoffrey Kennedy
    Brian Dennis Kevin Evans Isaac Benard Robert Julius William Philip Anthony Vincent Elijah Emmanuel Josphat Jackson Richard Thomas
    Victor Collins Edwin Wycliffe Martin Nicholas Amos Alex Andrew Felix Fredrick Jeremiah Boniface Erick Nelson Titus Caleb Benjamin
    Gideon Duncan Edward Solomon Cosmas Wilson Zachary Albert Henry Timothy Ezekiel Antony Elias Jacob Ronald Hillary Silas Laban Kelvin
    Abraham Allan Christopher Justus Lawrence Reuben Stanley Mathew Aron Cyrus Nahashon Festus Barnabas Bernard Meshack Harrison
    Maurice Leonard Onesmus Raphael Dickson Japheth Nathan Shadrack Philemon Alfred Gilbert Mark Musa Ian Austin Simeon Sammy Douglas`),
  muslim: words(`
    Mohamed Abdi Ali Hassan Ahmed Hussein Ibrahim Omar Abdullahi Yusuf Abdirahman Adan Juma Salim Issack Said Ismail Bashir Rashid
    Abdikadir Osman Khalid Mahmoud Hamisi Suleiman Abubakar Athman Swaleh Bakari Mwinyi Farah Noor Abdirizak Abdullatif Kassim Shariff
    Ramadhan Idris Ramadan Nassir Mustafa Feisal Muktar Adam Yahya Twaha Rajab Shaban Masoud Siyad`),
  regional: {
    central: words(`Kamau Mwangi Njoroge Kariuki Maina Njuguna Kimani Karanja Macharia Waweru Kinyanjui Ngugi Gitau Mbugua Wanjohi
      Ndungu Githinji Muchiri Gichuhi Chege Thuku Murage Wachira Gakuru Irungu`),
    upperEast: words(`Muriuki Mutwiri Kirimi Mwiti Gitonga Murithi Kinoti Mugambi Munene Njeru Kimathi Muthomi Mutuma Kithinji Nyaga
      Mwenda Koome Gitari Kaburu Mbaabu Muchui Njue`),
    lowerEast: words(`Mutua Musyoka Kioko Mutinda Muthama Mutiso Nzioka Kyalo Musembi Mwanzia Kilonzo Makau Muema Wambua Mumo Nzomo
      Ndolo Munyao Mbithi Kimeu Nthiwa Mutemi Katana Maundu`),
    highRift: words(`Kipchoge Kipkemboi Kibet Kiprono Kipchumba Kiprotich Kipkoech Kipngetich Kiplagat Kiprop Kipkorir Kimutai
      Kipchirchir Kiptoo Kipruto Kipkirui Cheruiyot Kiplimo Kipsang Kibiwott Kipyego Kirwa Kimeli Kosgei Kipkosgei`),
    west: words(`Wafula Simiyu Wanyonyi Barasa Juma Wekesa Masinde Makokha Shikuku Nyongesa Simwelo Khaemba Wamalwa Mukhwana Ambani
      Lusweti Kundu Mulongo Imbayi Asava Amukune Keya Situma Emojong Okumu`),
    lake: words(`Otieno Ochieng Onyango Odhiambo Omondi Ouma Okoth Opiyo Owino Odongo Oduor Owuor Okello Ogola Achola Obiero Ojwang
      Otiende Aluoch Oloo Okeyo Ongoro Onyuro Okinyi`),
    southWest: words(`Nyakundi Mogaka Momanyi Ombati Onsongo Makori Ondieki Nyamweya Moturi Ongeri Orina Mokaya Okemwa Bosire Nyabuto
      Chacha Marwa Mwita Nyangau Matiko Omwenga Motari`),
    coast: words(`Karisa Katana Kazungu Charo Mwangemi Kahindi Baya Ngala Mwadime Chengo Fondo Kombe Mwachiro Tsuma Kenga Nyamawi
      Dzombo Mwakio Mwambogo Safari Yaa Masha Ziro Hinzano`),
    northEast: words(`Abdinoor Dekow Gedi Warsame Bile Hirsi Maalim Abshir Guled Keinan Dahir Mohamud Sheikh Ogle Duale Roble Billow
      Kulow Shide Bare`),
    upperNorth: words(`Guyo Galgalo Halake Wario Boru Dida Jarso Godana Roba Abduba Duba Jillo Molu Huka Diba Tache Sora Bonaya Kosi
      Liban`),
    northWest: words(`Ekai Lokai Ekiru Lokwawi Eipa Lopuke Ekal Lomongin Etabo Ewoi Ekeno Lokolonyei Erupe Ekitela Lochuch Eregae
      Longole Ebei Lotome Eyanae`),
    southRift: words(`Lemayian Sironet Tumanka Parsaloi Koinet Nteeni Sironka Lekishon Tajiri Leteipa Sankale Kipaen Saruni
      Meitamei Lengai Parmuat Nkoitiko Moinkett Lesiyampe`),
  },
};
